"""Addresses of watches and of charts for the access matrix, and the buyer's watches that they name."""

from collections.abc import Callable
from typing import Any

from catalog.models import Sku
from orders.models import ListWatch, ListWatchKind, PriceWatch
from orders.services.list_watches import list_watch
from orders.services.price_watches import price_watch
from tests.factories import AT, World, actor_of

CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
CLIENTS_ACT = "login 302 302 302 302 302 403 403 403 403 login"
OWNER_ACTS = "login 302 404 404 404 404 403 403 403 403 login"
NOT_FOUND = "login 404 404 404 404 404 403 403 403 403 login"


def make_watches(world: World) -> None:
    """The buyer waits for a price and for new rows of a list."""
    place = {
        "actor": actor_of(world.buyer),
        "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk,
        "city_id": world.city.pk,
        "at": AT,
    }
    price_watch(sku_id=world.skus[0].pk, price_below=None, **place)
    list_watch(kind=ListWatchKind.NEW, name="Болты", address="/catalog/", asked={"search": "болт"}, **place)


def nothing(it: Any) -> dict[str, object]:
    return {}


STAFF = "login 403 403 403 403 403 200 200 200 403 login"

WATCH_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "orders:analytics": ("GET", nothing, CLIENTS),
    "orders:analytics_export": ("GET", nothing, CLIENTS),
    "orders:staff_analytics": ("GET", nothing, STAFF),
    "orders:staff_analytics_service": ("GET", nothing, STAFF),
    "orders:staff_analytics_export": ("GET", nothing, STAFF),
    "orders:waited": ("GET", nothing, CLIENTS),
    "orders:watches_move": ("POST", nothing, CLIENTS_ACT),
    "orders:watch": ("POST", nothing, NOT_FOUND),
    "orders:watch_sku": ("GET", lambda it: {"pk": Sku.objects.earliest("pk").pk}, CLIENTS),
    "orders:list_watch": ("POST", nothing, NOT_FOUND),
    "orders:unwatch": ("POST", lambda it: {"pk": it.watch.pk}, OWNER_ACTS),
    "orders:price_unwatch": ("POST", lambda it: {"pk": PriceWatch.objects.get().pk}, OWNER_ACTS),
    "orders:list_unwatch": ("POST", lambda it: {"pk": ListWatch.objects.get().pk}, OWNER_ACTS),
}
