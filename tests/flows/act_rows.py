"""Addresses of акты сверки for the access matrix, and the act that they name."""

from collections.abc import Callable
from typing import Any

from documents.models import Act
from tests.documents.acts.conftest import make_act
from tests.factories import World

READERS = "login 403 403 200 403 200 200 200 200 403 login"
SEES = "login 403 403 200 403 404 200 404 200 403 login"
ACTS = "login 403 403 302 403 404 302 404 302 403 login"
SIGNS = "login 403 403 302 403 404 403 403 403 403 login"


def make_first_act(world: World) -> None:
    """An act without operations."""
    make_act(world)


def nothing(it: Any) -> dict[str, object]:
    return {}


def act_uid(it: Any) -> dict[str, object]:
    return {"uid": Act.objects.order_by("pk")[0].uid}


ACT_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "documents:acts": ("GET", nothing, READERS),
    "documents:act_new": ("GET", nothing, READERS),
    "documents:act_schedule": ("POST", nothing, READERS.replace("200", "302")),
    "documents:act": ("GET", act_uid, SEES),
    "documents:act_state": ("GET", act_uid, SEES),
    "documents:act_file": ("GET", act_uid, SEES),
    "documents:act_anew": ("POST", act_uid, ACTS),
    "documents:act_own": ("POST", act_uid, ACTS),
    "documents:act_remark": ("POST", act_uid, ACTS),
    "documents:act_agree": ("POST", act_uid, ACTS.replace("302", "404")),
    "documents:act_refuse": ("POST", act_uid, SIGNS),
    "documents:act_scan": ("POST", act_uid, ACTS),
    "documents:act_accept": ("POST", act_uid, SIGNS),
}
