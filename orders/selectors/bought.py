"""When something was ordered before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from counterparties.actor import Actor
from orders.models import Order, OrderLine
from orders.states import OrderState
from portal.lib.money import format_price


@dataclass(frozen=True, slots=True)
class Bought:
    """A sku in one order; quantity in the unit of that time, price of one unit in `currency`."""

    order_id: int
    number: str
    submitted_at: datetime
    client: str
    author: str
    characteristic: str
    quantity: Decimal
    unit: str
    price: Decimal
    currency: str

    @property
    def price_text(self) -> str:
        """The unit price as pages print it."""
        return format_price(self.price)


def bought_before(*, actor: Actor, sku_ids: Collection[int], limit: int = 5) -> list[Bought]:
    """The newest orders that hold any of the skus, of those that the actor sees; one query at most.

    A line that was split over warehouses is one; cancelled orders are left out.
    """
    if not sku_ids:
        return []
    orders = Order.objects.visible_to(actor).exclude(state=OrderState.CANCELLED)
    rows = (
        OrderLine.objects.filter(sku_id__in=sku_ids, part__order__in=orders)
        .values(
            "part__order_id",
            "part__order__number",
            "part__order__submitted_at",
            "part__order__currency",
            "part__order__legal_entity__name",
            "part__order__created_by__full_name",
            "sku_id",
            "sku__characteristic",
            "unit_name",
            "price",
        )
        .annotate(taken=Sum("quantity"))
        .order_by("-part__order__submitted_at", "-part__order_id", "sku_id", "price")[:limit]
    )
    return [
        Bought(
            order_id=row["part__order_id"],
            number=row["part__order__number"],
            submitted_at=row["part__order__submitted_at"],
            client=row["part__order__legal_entity__name"],
            author=row["part__order__created_by__full_name"],
            characteristic=row["sku__characteristic"],
            quantity=row["taken"],
            unit=row["unit_name"],
            price=row["price"],
            currency=row["part__order__currency"],
        )
        for row in rows
    ]
