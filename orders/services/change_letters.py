"""Letters about changes of orders."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from counterparties.selectors import actor_for
from counterparties.services.registration_letters import manager_addresses
from orders.models import Order, OrderChange, OrderChangeLine
from orders.states import ChangeState
from portal.lib.dates import moscow_date
from portal.lib.mail import mail_send
from portal.lib.money import format_quantity

_MOST_ROWS = 50


def change_asked_mail(*, change_id: int, key: str) -> int:
    """Tell the client's managers what he wants changed; return the number of addresses."""
    change = _change(change_id)
    addresses = manager_addresses([change.order.holding_id])
    if change.state != ChangeState.ASKED or not addresses:
        return 0
    head = _("{name} просит изменить заказ {number}.").format(
        name=change.order.legal_entity.name, number=change.order.label
    )
    mail_send(
        key=key,
        to=addresses,
        subject=_("Изменение заказа {number}: {name}").format(
            number=change.order.label, name=change.order.legal_entity.name
        ),
        template="mail/notice",
        context={
            "paragraphs": [head, *_rows(change), *([change.comment] if change.comment else [])],
            "action": _("Открыть заказ"),
            "address": settings.SITE_URL + reverse("orders:detail", args=[change.order_id]),
        },
    )
    return len(addresses)


def change_decided_mail(*, change_id: int, key: str) -> int:
    """Tell the author what became of his change, if he still may see the order."""
    change = _change(change_id)
    author, order = change.created_by, change.order
    on = moscow_date(change.decided_at or change.created_at)
    reader = actor_for(author, on=on, holding_id=order.holding_id)
    if not Order.objects.visible_to(reader).filter(pk=order.pk).exists():
        return 0
    mail_send(
        key=key,
        to=[author.email],
        subject=_("Изменение заказа {number}: {state}").format(
            number=order.label, state=change.get_state_display().lower()
        ),
        template="mail/notice",
        context={
            "paragraphs": [change.answer] if change.answer else _rows(change),
            "action": _("Открыть заказ"),
            "address": settings.SITE_URL + reverse("orders:detail", args=[order.pk]),
        },
    )
    return 1


def _change(change_id: int) -> OrderChange:
    return OrderChange.objects.select_related("order__legal_entity", "created_by").get(pk=change_id)


def _rows(change: OrderChange) -> list[str]:
    """«Болт М8х40: 3 вместо 5 шт»."""
    lines = OrderChangeLine.objects.filter(change=change).select_related("line").order_by("pk")
    return [
        _("{name}: {now} вместо {before} {unit}").format(
            name=one.line.name,
            now=format_quantity(one.quantity),
            before=format_quantity(one.quantity_before),
            unit=one.line.unit_name,
        )
        for one in lines[:_MOST_ROWS]
    ]
