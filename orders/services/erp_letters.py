"""Letters to whoever ordered: 1C holds the order otherwise than it was sent."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from counterparties.selectors import actor_for
from orders.models import Order
from orders.selectors.erp import PartRow, RowChange, differing_rows
from orders.states import GIVEN_UP
from portal.lib.mail import mail_send
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
    mail_send(
        key=key,
        to=[author.email],
        subject=_subject(order),
        template="mail/order_changed",
        context={
            "number": order.number,
            "is_cancelled": order.state in GIVEN_UP,
            "rows": [(row.name, _told(row)) for row in rows[:_MOST_ROWS]],
            "more": max(len(rows) - _MOST_ROWS, 0),
            "address": settings.SITE_URL + reverse("orders:detail", args=[order.pk]),
        },
    )
    return 1


def _subject(order: Order) -> str:
    if order.state in GIVEN_UP:
        return _("Заказ {number} отменён").format(number=order.number)
    return _("Заказ {number} изменён").format(number=order.number)


def _told(row: PartRow) -> str:
    """«убрано (заказано 10 шт)», «добавлено 2 шт», «8 шт вместо 10 шт, цена 95,00 вместо 100,00»."""
    quantity = f"{format_quantity(row.quantity)} {row.unit}"
    ordered = "" if row.ordered_quantity is None else f"{format_quantity(row.ordered_quantity)} {row.unit}"
    if row.change == RowChange.REMOVED:
        return _("убрано (заказано {ordered})").format(ordered=ordered)
    if row.change == RowChange.ADDED:
        return _("добавлено {quantity}").format(quantity=quantity)
    told = [_("{quantity} вместо {ordered}").format(quantity=quantity, ordered=ordered)] if ordered else []
    if row.ordered_price_text:
        told.append(
            _("цена {price} вместо {ordered}").format(price=row.price_text, ordered=row.ordered_price_text)
        )
    return ", ".join(told)
