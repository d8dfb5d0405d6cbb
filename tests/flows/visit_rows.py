"""Addresses of visits and drafts for the access matrix, and the things that they name."""

from collections.abc import Callable
from typing import Any

from counterparties.models import Visit
from orders.models import Cart
from tests.factories import AT, World, make_cart

HEADS_ACT = "login 403 403 302 403 302 403 403 403 403 login"
OWNER_SEES = "login 200 404 404 404 404 403 403 403 403 login"
OWNER_ACTS = "login 302 404 404 404 404 403 403 403 403 login"
SERVES = "login 403 403 403 403 403 200 404 200 403 login"
CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"


def draft_pk(it: Any) -> dict[str, object]:
    return {"pk": Cart.objects.get(drafted_by=it.world.manager).pk}


def start_of(it: Any) -> dict[str, object]:
    return {"pk": it.world.holding.pk, "user_pk": it.world.buyer.pk}


def nothing(it: Any) -> dict[str, object]:
    return {}


VISIT_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "counterparties:enter": ("POST", nothing, "login 400 400 400 400 400 400 400 400 400 login"),
    "counterparties:leave": ("POST", nothing, "login 403 403 403 403 403 403 403 403 403 login"),
    "counterparties:visit_start": ("GET", start_of, SERVES),
    "counterparties:visit": ("GET", lambda it: {"pk": Visit.objects.get().pk}, SERVES),
    "counterparties:visits": ("GET", nothing, CLIENTS),
    "counterparties:visits_allow": ("POST", nothing, HEADS_ACT),
    "orders:drafts_live": ("GET", nothing, CLIENTS.replace("200", "302")),
    "orders:draft": ("GET", draft_pk, OWNER_SEES),
    "orders:draft_take": ("POST", draft_pk, OWNER_ACTS),
    "orders:draft_dismiss": ("POST", draft_pk, OWNER_ACTS),
}


def make_visit_objects(world: World) -> None:
    """A visit of the manager in the buyer's cabinet, and the draft that it left."""
    Visit.objects.create(
        employee=world.manager, person=world.buyer, holding=world.holding, started_at=AT, seen_at=AT
    )
    make_cart(world.buyer, world.contract, world.city, {world.skus[1]: 1}, drafted_by=world.manager)
