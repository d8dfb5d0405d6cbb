"""Addresses of shipments and changes for the access matrix, and the things that they name."""

from collections.abc import Callable
from typing import Any

from orders.models import Order, OrderChange, ShipmentRequest
from orders.states import ChangeState
from tests.factories import AT, TODAY

SIGNED_IN = "login 200 200 200 200 200 200 200 200 200 login"
CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
SEES = "login 200 404 200 404 404 200 404 200 404 login"
ACTS = SEES.replace("200", "302")
RECEIVES = "login 200 404 200 404 404 403 403 403 403 login"
UID = "22222222-2222-4222-8222-222222222222"


def make_request(order: Order, **told: Any) -> ShipmentRequest:
    """A request of the buyer for an order, made past the services."""
    part = order.parts.order_by("pk")[0]
    facts = {
        "number": f"S{order.pk:07d}",
        "legal_entity": order.legal_entity,
        "contract": order.contract,
        "consignee": order.legal_entity,
        "warehouse": part.warehouse,
        "method": "pickup",
        "desired_date": TODAY,
        "idempotency_key": UID,
        "created_by": order.created_by,
        "created_at": AT,
    }
    request = ShipmentRequest.objects.create(**(facts | told))
    line = part.lines.order_by("pk")[0]
    request.lines.create(line=line, quantity=line.quantity)
    return request


def make_change(order: Order, **told: Any) -> OrderChange:
    """A change that waits for the manager, made past the services."""
    facts = {"order": order, "state": ChangeState.ASKED, "created_by": order.created_by, "created_at": AT}
    change = OrderChange.objects.create(**(facts | told))
    line = order.parts.order_by("pk")[0].lines.order_by("pk")[0]
    change.lines.create(line=line, quantity_before=line.quantity, quantity=0)
    return change


def nothing(it: Any) -> dict[str, object]:
    return {}


def order_pk(it: Any) -> dict[str, object]:
    return {"pk": it.order.pk}


def request_pk(it: Any) -> dict[str, object]:
    found = ShipmentRequest.objects.first() or make_request(it.order)
    return {"pk": found.pk}


def change_pk(it: Any) -> dict[str, object]:
    return {"pk": (OrderChange.objects.first() or make_change(it.order)).pk}


SHIPMENT_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "orders:shipments": ("GET", nothing, SIGNED_IN),
    "orders:shipments_export": ("GET", nothing, SIGNED_IN),
    "orders:shipment_new": ("GET", nothing, CLIENTS),
    "orders:shipment_request": ("GET", request_pk, SEES),
    "orders:shipment_print": ("GET", request_pk, SEES),
    "orders:shipment_move": ("POST", request_pk, ACTS),
    "orders:receive": ("GET", lambda it: {"pk": it.shipment.pk}, RECEIVES),
    "orders:change": ("GET", order_pk, SEES),
    "orders:add_more": ("POST", order_pk, RECEIVES.replace("200", "302")),
    "orders:change_decide": ("POST", change_pk, ACTS),
}
