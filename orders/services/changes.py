"""Changing an order after it was sent. Locks: order, parts, stock by key, credit lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from orders.change_refusals import (
    BelowFloor,
    ChangeClosed,
    ChangeEmpty,
    ChangeGrows,
    ChangeLate,
    ChangeWaits,
)
from orders.events import OrderCancelled, OrderChangeAsked, OrderChanged, OrderChangeDecided
from orders.models import Order, OrderChange, OrderChangeLine, OrderLine, OrderPart
from orders.quantities import fits_unit
from orders.refusals import WrongQuantity
from orders.selectors.changing import change_deadlines, is_part_open, parts_being_picked
from orders.selectors.fulfilment import line_quantities
from orders.services.credit_hold import order_credit_follow, order_credit_release
from orders.services.shrinking import lines_shrink
from orders.services.standing import order_settle
from orders.services.steps import order_cancel, order_move
from orders.shipment_refusals import AnswerMissing
from orders.states import (
    CHANGE_TRANSITIONS,
    ERP_TRANSITIONS,
    ChangeState,
    OrderState,
    StepSource,
    WrongState,
)
from portal.outbox import publish


@dataclass(frozen=True, slots=True)
class _Locked:
    """An order whose lines change, locked together with the parts concerned."""

    order: Order
    parts: list[OrderPart]
    lines: list[OrderLine]

    @property
    def is_taken(self) -> bool:
        """Does 1C hold any of the parts?"""
        return any(part.accepted_at is not None for part in self.parts)


@transaction.atomic
def order_change(
    *, actor: Actor, order_id: int, quantities: Mapping[int, Decimal], comment: str = "", at: datetime
) -> OrderChange:
    """Make lines (by key) smaller, nought cancels a line; when nothing is left the order is cancelled.

    Before 1C took the parts it is done at once, afterwards a manager is asked; so he is when nothing is
    left of an order of which 1C holds another part. A client has until the part's deadline. Raises
    AccessDenied, Order.DoesNotExist, OrderLine.DoesNotExist, ChangeEmpty, ChangeGrows, BelowFloor,
    ChangeLate, ChangeClosed, ChangeWaits, WrongQuantity, WrongState (1C takes the order just now).
    """
    if not (actor.can(Permission.ORDER_SUBMIT) or actor.can(Permission.CLIENT_SERVE)) or actor.is_read_only:
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    order = Order.objects.movable_by(actor).select_for_update(of=("self",)).get(pk=order_id)
    if OrderChange.objects.filter(order=order, state=ChangeState.ASKED).exists():
        raise ChangeWaits
    locked = _locked(order, quantities)
    wanted = {line.pk: quantities[line.pk] for line in locked.lines if quantities[line.pk] != line.quantity}
    if not wanted:
        raise ChangeEmpty
    _check(locked, wanted, deadline_at=at if actor.is_client else None)
    is_over = _leaves_nothing(order, wanted)
    is_asked = locked.is_taken or (is_over and order.parts.filter(accepted_at__isnull=False).exists())
    state = ChangeState.ASKED if is_asked else ChangeState.APPLIED
    change = OrderChange.objects.create(
        order=order,
        state=state,
        comment=comment,
        created_by_id=cast(int, actor.user_id),  # a permission has a person
        acting_user_id=actor.impersonator_id,
        created_at=at,
        decided_at=None if is_asked else at,
    )
    OrderChangeLine.objects.bulk_create(
        OrderChangeLine(change=change, line=line, quantity_before=line.quantity, quantity=wanted[line.pk])
        for line in locked.lines
        if line.pk in wanted
    )
    if is_asked:
        publish(OrderChangeAsked(change_id=change.pk))
    elif is_over:
        order_cancel(order_id=order.pk, actor=actor, at=at, comment=comment or _("Убраны все строки"))
    else:
        _apply(change, locked, wanted, at)
    return change


@transaction.atomic
def change_accept(*, actor: Actor, change_id: int, answer: str = "", at: datetime) -> OrderChange:
    """Do what the client asked; a new version of the parts goes to 1C, which takes it until work has begun.

    Otherwise the manager changes the order there himself. What has left meanwhile is the floor now, too.
    Raises AccessDenied, OrderChange.DoesNotExist, WrongState, BelowFloor, ChangeClosed.
    """
    actor.require(Permission.CLIENT_SERVE)
    change = _change_locked(actor, change_id, ChangeState.ACCEPTED)
    wanted = dict(change.lines.values_list("line_id", "quantity"))
    locked = _locked(change.order, wanted)
    _check(locked, wanted, deadline_at=None)
    _decided(change, ChangeState.ACCEPTED, actor=actor, answer=answer, at=at)
    is_over = _leaves_nothing(change.order, wanted)
    _apply(change, locked, wanted, at)
    if is_over:
        _give_up(change.order, actor=actor, at=at)
    return change


@transaction.atomic
def change_reject(*, actor: Actor, change_id: int, answer: str, at: datetime) -> OrderChange:
    """Leave the order as it is and say why. Raises AccessDenied, OrderChange.DoesNotExist, WrongState."""
    actor.require(Permission.CLIENT_SERVE)
    change = _change_locked(actor, change_id, ChangeState.REJECTED)
    if not answer.strip():
        raise AnswerMissing
    return _decided(change, ChangeState.REJECTED, actor=actor, answer=answer.strip(), at=at)


@transaction.atomic
def change_withdraw(*, actor: Actor, change_id: int, at: datetime) -> OrderChange:
    """The client wants it no more. Raises AccessDenied, OrderChange.DoesNotExist, WrongState."""
    actor.require(Permission.ORDER_SUBMIT)
    if actor.is_read_only:
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    change = _change_locked(actor, change_id, ChangeState.WITHDRAWN)
    if not Order.objects.movable_by(actor).filter(pk=change.order_id).exists():
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    return _decided(change, ChangeState.WITHDRAWN, actor=actor, answer="", at=at)


def _change_locked(actor: Actor, change_id: int, target: ChangeState) -> OrderChange:
    """The order is locked first, as everywhere."""
    seen = OrderChange.objects.visible_to(actor).get(pk=change_id)
    order = Order.objects.select_for_update(of=("self",)).get(pk=seen.order_id)
    change = OrderChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if target not in CHANGE_TRANSITIONS[change.state]:
        raise WrongState(f"{ChangeState(change.state).label} → {target.label}")
    change.order = order
    return change


def _decided(
    change: OrderChange, state: ChangeState, *, actor: Actor, answer: str, at: datetime
) -> OrderChange:
    change.state, change.answer, change.decided_at = state, answer, at
    change.decided_by_id = actor.user_id
    change.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    if state != ChangeState.WITHDRAWN:
        publish(OrderChangeDecided(change_id=change.pk))
    return change


def _locked(order: Order, quantities: Mapping[int, Decimal]) -> _Locked:
    """Raises OrderLine.DoesNotExist for a line of another order."""
    lines = OrderLine.objects.filter(pk__in=quantities, part__order=order)
    parts = OrderPart.objects.filter(pk__in=lines.values("part")).select_for_update(of=("self",))
    held = list(parts.order_by("pk"))
    found = list(lines.order_by("part_id", "position", "pk"))
    if len(found) != len(quantities):
        raise OrderLine.DoesNotExist
    return _Locked(order, held, found)


def _check(locked: _Locked, wanted: Mapping[int, Decimal], *, deadline_at: datetime | None) -> None:
    picked = parts_being_picked(locked.parts)
    if not all(is_part_open(locked.order, part, picked=picked) for part in locked.parts):
        raise ChangeClosed
    if deadline_at is not None:
        deadlines = change_deadlines(locked.order, locked.parts).values()
        passed = [moment for moment in deadlines if moment is not None and moment <= deadline_at]
        if passed:
            raise ChangeLate(min(passed))
    known = line_quantities(locked.parts)
    for line in locked.lines:
        if line.pk in wanted:
            _check_line(line, wanted[line.pk], known[line.pk].floor)


def _check_line(line: OrderLine, quantity: Decimal, floor: Decimal) -> None:
    if quantity > line.quantity:
        raise ChangeGrows(line.name)
    if not fits_unit(quantity, line.unit_code):
        raise WrongQuantity(f"{line.name}: {line.unit_name}")
    if quantity < floor:
        raise BelowFloor(name=line.name, floor=floor, unit=line.unit_name)


def _leaves_nothing(order: Order, wanted: Mapping[int, Decimal]) -> bool:
    """Would no line of the order keep anything? What 1C has cancelled keeps nothing already."""
    alive = OrderLine.objects.filter(part__order=order, part__is_cancelled=False, quantity__gt=0)
    others = alive.exclude(pk__in=wanted)
    return not any(wanted.values()) and not others.exists()


def _apply(change: OrderChange, locked: _Locked, wanted: Mapping[int, Decimal], at: datetime) -> None:
    changed = {line.part_id for line in locked.lines if line.pk in wanted}
    parts = [part for part in locked.parts if part.pk in changed]
    lines_shrink(order=locked.order, parts=parts, quantities=wanted, at=at)
    publish(OrderChanged(order_id=locked.order.pk, change_id=change.pk))
    if locked.order.state != OrderState.PARTLY_SHIPPED:
        return
    told = _("Изменение заказа")  # what is given up may have been the last to leave
    if order_settle(order_id=locked.order.pk, at=at, comment=told, source=StepSource.PORTAL):
        order_credit_follow(order_id=locked.order.pk, at=at)


def _give_up(order: Order, *, actor: Actor, at: datetime) -> None:
    """Nothing is left of an order that 1C had taken: the manager has agreed to that.

    1C's word of what it still holds does not take the order up again.
    """
    told = _("Убраны все строки")
    order_move(order, OrderState.CANCELLED, actor=actor, at=at, comment=told, table=ERP_TRANSITIONS)
    order.confirmed_at = None
    order.save(update_fields=["confirmed_at"])
    order_credit_release(order, at=at)
    publish(OrderCancelled(order_id=order.pk))
