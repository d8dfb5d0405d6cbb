"""Letters to whoever ordered: 1C holds the order otherwise than it was sent."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.services.letters import letters_send
from counterparties.selectors import actor_for
from orders.models import Order
from orders.selectors.erp import PartRow, differing_rows
from orders.states import GIVEN_UP
from portal.lib.money import format_quantity

_MOST_ROWS = 50


def order_changed_mail(*, order_id: int, key: str, on: date) -> int:
    """Tell the author how the order stands now against what he sent; return the number of letters.

    Nobody is written to of an order that was born in 1C, nor a person who may not see it on the day: one
    who has left the client is told neither goods nor prices.
    """
    order = Order.objects.select_related("created_by").get(pk=order_id)
    author = order.created_by
    if author is None or order.is_from_erp:
        return 0
    reader = actor_for(author, on=on, holding_id=order.holding_id)
    if not Order.objects.visible_to(reader).filter(pk=order.pk).exists():
        return 0
    rows = differing_rows(order, list(order.parts.filter(is_cancelled=False).order_by("pk")))
    return letters_send(
        key=key,
        to=[author.email],
        letter="order_changed",
        context={
            "number": order.number,
            "is_cancelled": order.state in GIVEN_UP,
            "rows": [_told(row) for row in rows[:_MOST_ROWS]],
            "more": max(len(rows) - _MOST_ROWS, 0),
            "address": settings.SITE_URL + reverse("orders:detail", args=[order.pk]),
        },
    )


def _told(row: PartRow) -> dict[str, str]:
    """«8 шт вместо 10 шт, цена 95,00 вместо 100,00»; what is as ordered is empty."""
    ordered = row.ordered_quantity
    return {
        "name": row.name,
        "change": row.change.value,
        "quantity": f"{format_quantity(row.quantity)} {row.unit}",
        "ordered": "" if ordered is None else f"{format_quantity(ordered)} {row.unit}",
        "price": row.price_text,
        "ordered_price": row.ordered_price_text,
    }
