"""Letters about changes of orders."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.services.letters import letters_send
from counterparties.selectors import actor_for
from counterparties.services.registration_letters import manager_addresses
from orders.models import Order, OrderChange, OrderChangeLine
from orders.states import ChangeState
from portal.lib.dates import moscow_date

_MOST_ROWS = 50


def change_asked_mail(*, change_id: int, key: str) -> int:
    """Tell the client's managers what he wants changed; return the number of addresses."""
    change = _change(change_id)
    addresses = manager_addresses([change.order.holding_id])
    if change.state != ChangeState.ASKED or not addresses:
        return 0
    return letters_send(
        key=key,
        to=addresses,
        letter="change_asked",
        context={
            "number": change.order.label,
            "buyer": change.order.legal_entity.name,
            "comment": change.comment,
            "address": settings.SITE_URL + reverse("orders:detail", args=[change.order_id]),
            **_rows(change),
        },
    )


def change_decided_mail(*, change_id: int, key: str) -> int:
    """Tell the author what became of his change, if he still may see the order."""
    change = _change(change_id)
    author, order = change.created_by, change.order
    on = moscow_date(change.decided_at or change.created_at)
    reader = actor_for(author, on=on, holding_id=order.holding_id)
    if not Order.objects.visible_to(reader).filter(pk=order.pk).exists():
        return 0
    return letters_send(
        key=key,
        to=[author.email],
        letter="change_decided",
        context={
            "number": order.label,
            "state": change.state,
            "state_label": change.get_state_display(),
            "answer": change.answer,
            "address": settings.SITE_URL + reverse("orders:detail", args=[order.pk]),
            **_rows(change),
        },
    )


def _change(change_id: int) -> OrderChange:
    return OrderChange.objects.select_related("order__legal_entity", "created_by").get(pk=change_id)


def _rows(change: OrderChange) -> dict[str, Any]:
    """«Болт М8х40: 3 вместо 5 шт»."""
    lines = list(OrderChangeLine.objects.filter(change=change).select_related("line").order_by("pk"))
    rows = [
        {
            "name": one.line.name,
            "now": one.quantity,
            "before": one.quantity_before,
            "unit": one.line.unit_name,
        }
        for one in lines[:_MOST_ROWS]
    ]
    return {"rows": rows, "more": max(len(lines) - _MOST_ROWS, 0)}
