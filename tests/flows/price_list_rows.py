"""Addresses of price lists for the access matrix, and the list that they name."""

from collections.abc import Callable
from typing import Any

from documents.models import PriceListFile, PriceListProfile
from documents.price_lists.options import ListOptions
from documents.services.price_list_files import price_list_ask, price_list_make
from documents.services.price_lists import ListPlace, price_list_create
from tests.factories import AT, World, actor_of

CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
OWNER_SEES = "login 200 404 404 404 404 403 403 403 403 login"
OWNER_ACTS = "login 302 404 404 404 404 403 403 403 403 login"
MISSING = "404 404 404 404 404 404 404 404 404 404 404"


def make_price_list(world: World) -> None:
    """The buyer's price list with a file."""
    actor = actor_of(world.buyer)
    place = ListPlace(contract_id=world.contract.pk, city_id=world.city.pk)
    profile = price_list_create(actor=actor, place=place, name="Крепёж", options=ListOptions(), at=AT)
    row = price_list_ask(actor=actor, uid=profile.uid, at=AT)
    price_list_make(file_id=row.pk, at=AT)


def nothing(it: Any) -> dict[str, object]:
    return {}


def profile_uid(it: Any) -> dict[str, object]:
    return {"uid": PriceListProfile.objects.get().uid}


def file_uid(it: Any) -> dict[str, object]:
    return {"uid": PriceListFile.objects.get().uid}


PRICE_LIST_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "documents:price_lists": ("GET", nothing, CLIENTS),
    "documents:price_list_new": ("GET", nothing, CLIENTS),
    "documents:price_list": ("GET", profile_uid, OWNER_SEES),
    "documents:price_list_make": ("POST", profile_uid, OWNER_ACTS),
    "documents:price_list_state": ("GET", profile_uid, OWNER_SEES),
    "documents:price_list_remove": ("POST", profile_uid, OWNER_ACTS),
    "documents:price_list_mail": ("POST", profile_uid, OWNER_ACTS),
    "documents:price_list_link": ("POST", profile_uid, OWNER_SEES),
    "documents:price_list_file": ("GET", file_uid, OWNER_SEES),
    "documents:price_list_feed": ("GET", lambda it: {"token": "1-no.forged"}, MISSING),
}
