"""What people decide of an order that waits: a colleague approves, a manager holds or turns down."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from orders.events import OrderCancelled, OrderSubmitted
from orders.models import Order, Quote
from orders.quote_refusals import OfferExpired
from orders.refusals import ContractClosed, WhyMissing
from orders.services.credit_hold import order_check, order_hold_lift
from orders.services.steps import order_move, order_proceed, reserve_release
from orders.states import OrderState, WrongState
from portal.lib.dates import moscow_date
from portal.outbox import publish


@transaction.atomic
def order_approve(*, order_id: int, actor: Actor, at: datetime) -> Order:
    """Let a colleague's order go to the distributor, at the prices and with the reserve it was sent with.

    Contract, block rules and the last day of an offer's prices are asked again: it may have waited for days.
    Raises AccessDenied, Order.DoesNotExist (not visible, or of a legal entity one may not order for),
    WrongState, ContractClosed, OfferExpired, OrderBlocked.
    """
    order = _for_approval(order_id, actor)
    if not order.contract.is_open_on(moscow_date(at)):
        raise ContractClosed
    if Quote.objects.filter(order=order, valid_until__lt=moscow_date(at)).exists():
        raise OfferExpired
    decision = order_check(order, at=at)
    order_move(order, OrderState.SUBMITTED, actor=actor, at=at)
    publish(OrderSubmitted(order_id=order.pk))
    return order_proceed(order, decision=decision, at=at)


@transaction.atomic
def order_decline(*, order_id: int, actor: Actor, reason: str, at: datetime) -> Order:
    """Turn a colleague's order down; its reserve is free again.

    Raises AccessDenied, Order.DoesNotExist, WrongState, WhyMissing.
    """
    order = _for_approval(order_id, actor)
    return _rejected(order, actor=actor, reason=reason, at=at)


@transaction.atomic
def order_reject(*, order_id: int, actor: Actor, reason: str, at: datetime) -> Order:
    """Refuse a client's order that waits or is on hold; its reserve is free again.

    Raises AccessDenied, Order.DoesNotExist (not the actor's client's), WrongState, WhyMissing.
    """
    order = _of_client(order_id, actor)
    if order.state == OrderState.ON_APPROVAL:  # the client has not sent it yet
        raise WrongState(order.get_state_display())
    return _rejected(order, actor=actor, reason=reason, at=at)


@transaction.atomic
def order_hold(*, order_id: int, actor: Actor, reason: str, at: datetime) -> Order:
    """Put a client's order aside; the goods stay reserved. Raises as `order_reject`."""
    order = _of_client(order_id, actor)
    order_move(order, OrderState.ON_HOLD, actor=actor, at=at, comment=_told(reason))
    return order


@transaction.atomic
def order_release(*, order_id: int, actor: Actor, at: datetime, reason: str = "") -> Order:
    """Let an order that was put aside wait for confirmation again, of block rules as `order_confirm` does.

    Raises AccessDenied, Order.DoesNotExist, WrongState, OrderBlocked.
    """
    order = _of_client(order_id, actor)
    if order.state != OrderState.ON_HOLD:  # the table lets an approved order go the same way
        raise WrongState(order.get_state_display())
    if not order.is_from_erp:
        order_hold_lift(order, actor=actor, reason=reason, at=at)
    order_move(order, OrderState.SUBMITTED, actor=actor, at=at, comment=reason.strip()[:500])
    return order


def _for_approval(order_id: int, actor: Actor) -> Order:
    actor.require(Permission.ORDER_SUBMIT)
    order = Order.objects.movable_by(actor).select_for_update(of=("self",), no_key=True).get(pk=order_id)
    if order.state != OrderState.ON_APPROVAL:
        raise WrongState(order.get_state_display())
    return order


def _of_client(order_id: int, actor: Actor) -> Order:
    actor.require(Permission.CLIENT_SERVE)
    return Order.objects.visible_to(actor).select_for_update(of=("self",), no_key=True).get(pk=order_id)


def _rejected(order: Order, *, actor: Actor, reason: str, at: datetime) -> Order:
    order_move(order, OrderState.REJECTED, actor=actor, at=at, comment=_told(reason))
    reserve_release(order)
    publish(OrderCancelled(order_id=order.pk))
    return order


def _told(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise WhyMissing
    return reason[:500]
