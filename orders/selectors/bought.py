"""When something was ordered before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from counterparties.actor import Actor
from orders.models import Order, OrderLine
from orders.states import GIVEN_UP
from portal.lib.dates import moscow_date
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


@dataclass(frozen=True, slots=True)
class LastBought:
    """The newest order of a sku: its Moscow date and how much was taken, in the unit of that time."""

    order_id: int
    on: date
    quantity: Decimal
    unit: str


def last_bought(*, actor: Actor, sku_ids: Collection[int]) -> dict[int, LastBought]:
    """When each sku was ordered last, in the orders that the actor sees; one query at most."""
    if not sku_ids:
        return {}
    orders = Order.objects.visible_to(actor).exclude(state__in=GIVEN_UP)
    in_order = OrderLine.objects.filter(sku=OuterRef("sku"), part__order=OuterRef("part__order"))
    rows = (
        OrderLine.objects.filter(sku_id__in=sku_ids, part__order__in=orders)
        .annotate(taken=Subquery(in_order.order_by().values("sku").values(taken=Sum("quantity"))))
        .order_by("sku_id", "-part__order__submitted_at", "-part__order_id")
        .distinct("sku_id")
        .values_list("sku_id", "part__order_id", "part__order__submitted_at", "taken", "unit_name")
    )
    return {
        sku_id: LastBought(order_id=order_id, on=moscow_date(at), quantity=taken, unit=unit)
        for sku_id, order_id, at, taken, unit in rows
    }


def bought_before(*, actor: Actor, sku_ids: Collection[int], limit: int = 5) -> list[Bought]:
    """The newest orders that hold any of the skus, of those that the actor sees; one query at most.

    A line that was split over warehouses is one; orders that were given up are left out.
    """
    if not sku_ids:
        return []
    orders = Order.objects.visible_to(actor).exclude(state__in=GIVEN_UP)
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
