"""Addresses of talks and of the personal manager for the access matrix, and the talk that they name."""

from collections.abc import Callable
from typing import Any

from counterparties.models import ManagerCard, MessageFile, Thread
from portal.files.services import store
from tests.counterparties.talks import PNG, begin
from tests.factories import World

CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
STAFF = "login 403 403 403 403 403 200 200 200 403 login"
WRITES = "login 200 200 200 200 200 404 404 404 403 login"
SIDES = "login 200 404 200 404 404 200 404 200 403 login"
ACT = "login 302 404 302 404 404 302 404 302 403 login"
SERVE = "login 403 403 403 403 403 302 404 302 403 login"
PHOTO = "login 200 200 200 404 404 200 200 200 403 login"


def make_talk(world: World) -> None:
    """The buyer's talk about an order with a file, and the manager's card with a photo."""
    begin(world, files=[PNG])
    photo = store(content=PNG.content, name="photo", mime=PNG.mime)
    ManagerCard.objects.create(user=world.manager, photo=photo)


def nothing(it: Any) -> dict[str, object]:
    return {}


def talk_uid(it: Any) -> dict[str, object]:
    return {"uid": Thread.objects.get().uid}


def file_of(it: Any) -> dict[str, object]:
    return {"uid": Thread.objects.get().uid, "file_pk": MessageFile.objects.get().pk}


TALK_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "counterparties:threads": ("GET", nothing, CLIENTS),
    "counterparties:thread_start": ("GET", nothing, WRITES),
    "counterparties:thread": ("GET", talk_uid, SIDES),
    "counterparties:thread_lines": ("GET", talk_uid, SIDES),
    "counterparties:thread_file": ("GET", file_of, SIDES),
    "counterparties:thread_close": ("POST", talk_uid, ACT),
    "counterparties:thread_reopen": ("POST", talk_uid, ACT),
    "counterparties:thread_queue": ("GET", nothing, STAFF),
    "counterparties:thread_take": ("POST", talk_uid, SERVE),
    "counterparties:thread_hand_over": ("POST", talk_uid, "login 403 403 403 403 403 404 404 404 403 login"),
    "counterparties:own_card": ("GET", nothing, STAFF),
    "counterparties:manager_card": ("GET", nothing, CLIENTS),
    "counterparties:manager_photo": ("GET", lambda it: {"pk": it.world.manager.pk}, PHOTO),
    "mail_inbound": ("POST", nothing, "404 404 404 404 404 404 404 404 404 404 404"),
}
