"""Addresses of requests of prices for the access matrix, and the request that they name."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from orders.models import Order, Quote, QuoteLine, QuoteOffer, QuoteOfferLine, QuoteStep
from tests.factories import AT, TODAY

CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
SEES = "login 200 404 200 404 404 403 403 403 403 login"
DETAIL = "login 200 404 200 404 404 302 404 302 403 login"
ACTS = SEES.replace("200", "302")
STAFF = "login 403 403 403 403 403 200 200 200 403 login"
ANSWERS = "login 403 403 403 403 403 200 404 200 403 login"
MOVES = ANSWERS.replace("200", "302")
BOTH = "login 200 404 200 404 404 200 404 200 403 login"


def make_quote(order: Order, **told: Any) -> Quote:
    """A request of the order's author with an offer, made past the services."""
    line = order.parts.order_by("pk")[0].lines.order_by("pk")[0]
    facts: dict[str, Any] = {
        "number": f"Q{order.pk:07d}",
        "idempotency_key": uuid4(),
        "holding_id": order.holding_id,
        "legal_entity_id": order.legal_entity_id,
        "contract_id": order.contract_id,
        "city_id": order.city_id,
        "state": "offered",
        "created_by": order.created_by,
        "created_at": AT,
        "version": 1,
        "valid_until": TODAY,
    }
    quote = Quote.objects.create(**(facts | told))
    asked = QuoteLine.objects.create(
        quote=quote,
        position=1,
        sku=line.sku,
        text=line.name,
        quantity=Decimal(1),
        comment=quote.comment[:300],
    )
    manager = order.acting_user or order.created_by
    offer = QuoteOffer.objects.create(
        quote=quote,
        version=1,
        author=manager,
        created_at=quote.created_at,
        valid_until=quote.valid_until,
        comment=quote.comment[:300],
    )
    QuoteOfferLine.objects.create(
        offer=offer, line=asked, sku=line.sku, price=Decimal(90), quantity=Decimal(1)
    )
    QuoteStep.objects.create(quote=quote, state="offered", version=1, at=quote.created_at, user=manager)
    return quote


def nothing(it: Any) -> dict[str, object]:
    return {}


def quote_uid(it: Any) -> dict[str, object]:
    return {"uid": (Quote.objects.first() or make_quote(it.order)).uid}


def offer_place(it: Any) -> dict[str, object]:
    return quote_uid(it) | {"version": 1}


QUOTE_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "orders:quotes": ("GET", nothing, CLIENTS),
    "orders:quote_new": ("GET", nothing, CLIENTS),
    "orders:quote": ("GET", quote_uid, DETAIL),
    "orders:quote_remark": ("POST", quote_uid, SEES.replace("200", "422")),
    "orders:quote_withdraw": ("POST", quote_uid, ACTS),
    "orders:quote_accept": ("POST", quote_uid, ACTS),
    "orders:quote_print": ("GET", offer_place, BOTH),
    "orders:quote_queue": ("GET", nothing, STAFF),
    "orders:quote_answer": ("GET", quote_uid, ANSWERS),
    "orders:quote_take": ("POST", quote_uid, MOVES),
    "orders:quote_decline": ("POST", quote_uid, MOVES),
}
