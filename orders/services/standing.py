"""1C's facts move an order. Locks: the order first, then what the caller locks of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from orders.events import OrderCancelled
from orders.models import Order, OrderStep
from orders.selectors.standing import erp_standing
from orders.services.steps import order_confirm, order_move
from orders.states import ERP_TRANSITIONS, IN_WORK, OrderState, StepSource
from portal.outbox import publish

_UNCONFIRMED = frozenset({OrderState.SUBMITTED, OrderState.ON_HOLD})


@transaction.atomic
def order_settle(
    *, order_id: int, at: datetime, comment: str = "", source: StepSource = StepSource.ERP
) -> bool:
    """Put an order into the state that its facts give; call it when something was shipped or paid.

    An order that nobody has confirmed is left where it is. Idempotent. Tells whether it has moved.
    """
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
    if order.state not in IN_WORK and (order.state != OrderState.CANCELLED or order.confirmed_at is None):
        return False
    target = erp_standing(order)
    if target == order.state:
        return False
    told = comment or _("1С")
    order_move(order, target, actor=None, at=at, comment=told, source=source, table=ERP_TRANSITIONS)
    if target == OrderState.CANCELLED:
        publish(OrderCancelled(order_id=order.pk))
    return True


@transaction.atomic
def order_paid(*, order_id: int, at: datetime) -> bool:
    """Money was noted here: an order that has left wholly is done. Idempotent; tells whether it moved."""
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
    if order.state != OrderState.SHIPPED or order.is_from_erp:
        return False
    return order_settle(order_id=order_id, at=at, comment=_("Оплата"), source=StepSource.PORTAL)


@transaction.atomic
def order_status_take(*, order_id: int, target: str, at: datetime, comment: str) -> bool:
    """Move an order that waits here as a status of 1C says: hold it, take it up again, confirm it.

    What a person has put on hold 1C's silence does not take up again.
    """
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
    if order.state not in _UNCONFIRMED:
        return False
    if target in IN_WORK:
        order_confirm(order_id=order.pk, actor=None, at=at, source=StepSource.ERP)
        return True
    if target == OrderState.ON_HOLD and order.state == OrderState.SUBMITTED:
        order_move(order, OrderState.ON_HOLD, actor=None, at=at, comment=comment, source=StepSource.ERP)
        return True
    if not target and order.state == OrderState.ON_HOLD and _last_source(order) == StepSource.ERP:
        order_move(order, OrderState.SUBMITTED, actor=None, at=at, comment=comment, source=StepSource.ERP)
        return True
    return False


def _last_source(order: Order) -> str:
    return OrderStep.objects.filter(order=order).order_by("-pk").values_list("source", flat=True)[:1].get()
