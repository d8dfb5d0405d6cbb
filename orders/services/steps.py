"""Moves of an order between states, and what 1C's word does to the reserve."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from catalog.models import Stock
from counterparties.actor import AccessDenied, Actor
from finance.selectors.blocks import Decision
from finance.states import BlockAction
from orders.events import OrderCancelled, OrderConfirmed, OrderMoved
from orders.models import Order, OrderLine, OrderPart, OrderStep, ShipmentRequestLine
from orders.services.credit_hold import (
    order_credit_release,
    order_credit_reserve,
    order_hold_lift,
    order_permission_use,
)
from orders.shipment_refusals import ShipmentAsked
from orders.states import (
    GIVEN_UP,
    OPEN_REQUESTS,
    TRANSITIONS,
    OrderState,
    StepSource,
    WrongState,
    require_step,
)
from portal.outbox import publish


@transaction.atomic
def order_confirm(
    *,
    order_id: int,
    actor: Actor | None,
    at: datetime,
    source: StepSource = StepSource.PORTAL,
    reason: str = "",
) -> Order:
    """Take an order to work and hold its sum; without an actor the portal itself or 1C does so.

    One that is on hold goes on when no block rule stops it any more, or by the reason of a manager who may
    let orders through.
    Raises AccessDenied, Order.DoesNotExist (not the actor's client's), WrongState, OrderBlocked.
    """
    if actor is not None:
        actor.require(Permission.CLIENT_SERVE)
    order = _locked(order_id, actor)
    if actor is not None and order.state == OrderState.ON_HOLD and not order.is_from_erp:
        order_hold_lift(order, actor=actor, reason=reason, at=at)
    _confirm(order, at=at)
    if source != StepSource.ERP:  # 1C has decided; what the order holds follows from its word
        order_credit_reserve(order, at=at)
    return _confirmed(order, actor=actor, at=at, source=source, comment=reason.strip()[:500])


@transaction.atomic
def order_cancel(*, order_id: int, actor: Actor, at: datetime, comment: str = "") -> Order:
    """Give up an order of which 1C has taken no part; its reserve is free again.

    One that waits for a colleague's approval its author may give up, too.
    What the warehouse was asked to ship is taken back first. Raises AccessDenied, Order.DoesNotExist,
    WrongState, ShipmentAsked.
    """
    if not may_cancel(actor):
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    order = _locked(order_id, actor)
    if not Order.objects.movable_by(actor).filter(pk=order_id).exists():
        _require_own_unsent(order, actor)
    require_step(order.state, OrderState.CANCELLED)
    _require_none_taken(order)
    if ShipmentRequestLine.objects.filter(line__part__order=order, request__state__in=OPEN_REQUESTS).exists():
        raise ShipmentAsked
    # Without the moment of confirmation 1C's later word does not take the order up again: only what
    # 1C itself gave up comes back so.
    order.state, order.confirmed_at = OrderState.CANCELLED, None
    order.save(update_fields=["state", "confirmed_at"])
    reserve_release(order)
    order_credit_release(order, at=at)
    step_note(order, actor=actor, at=at, comment=comment)
    publish(OrderCancelled(order_id=order.pk))
    return order


@transaction.atomic
def part_accepted(*, part_ids: Collection[int], at: datetime) -> list[int]:
    """Note that 1C has taken the parts; return those that it had not taken before.

    From now on 1C itself counts the goods as sold, so they leave both the free stock and the
    reserve; what the client may order stays the same. Of an order that was given up meanwhile the
    reserve is free already. Idempotent.
    """
    parts = (
        OrderPart.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=part_ids).order_by("pk")
    )
    fresh = [part for part in parts if part.accepted_at is None]
    for part in fresh:
        part.accepted_at = at
    OrderPart.objects.bulk_update(fresh, ["accepted_at"])
    rows: dict[int, Stock] = {}
    lines = OrderLine.objects.filter(part__in=fresh)
    for row, quantity in stock_locked(lines):
        row.free = F("free") - quantity
        rows[row.pk] = row
    for row, quantity in stock_locked(lines.exclude(part__order__state__in=GIVEN_UP)):
        rows[row.pk].reserved = F("reserved") - quantity
    Stock.objects.bulk_update(rows.values(), ["free", "reserved"])
    return [part.pk for part in fresh]


def may_cancel(actor: Actor) -> bool:
    """Whether a person may give up orders at all: those of the client, or those he gathered himself."""
    rights = (Permission.ORDER_SUBMIT, Permission.CLIENT_SERVE, Permission.ORDER_CREATE)
    return any(actor.can(right) for right in rights)


def order_proceed(order: Order, *, decision: Decision, at: datetime) -> Order:
    """What follows when an order has reached the distributor: one that asks nobody takes it to work.

    The order is locked, or has just been inserted; the decision has let it through a moment ago.
    What the rules hold is left to a manager. The history names the rules without sums: who sees an order
    need not see the client's debts.
    """
    if decision.action == BlockAction.HOLD:
        order_move(order, OrderState.ON_HOLD, actor=None, at=at, comment=decision.rules[:500])
        return order
    order_permission_use(order, decision, at=at)
    if order.organization.confirms_orders_itself:
        _confirm(order, at=at)
        order_credit_reserve(order, at=at, is_hopeful=True)
        return _confirmed(order, actor=None, at=at, source=StepSource.PORTAL)
    return order


def _confirm(order: Order, *, at: datetime) -> None:
    require_step(order.state, OrderState.CONFIRMED)
    order.state, order.confirmed_at = OrderState.CONFIRMED, at
    order.save(update_fields=["state", "confirmed_at"])


def _confirmed(
    order: Order, *, actor: Actor | None, at: datetime, source: StepSource, comment: str = ""
) -> Order:
    step_note(order, actor=actor, at=at, source=source, comment=comment)
    publish(OrderConfirmed(order_id=order.pk))
    return order


def reserve_release(order: Order) -> None:
    """Set the goods of a locked order free that 1C does not hold."""
    changed = []
    for row, quantity in stock_locked(OrderLine.objects.filter(part__order=order)):
        row.reserved = F("reserved") - quantity
        changed.append(row)
    Stock.objects.bulk_update(changed, ["reserved"])


def _require_own_unsent(order: Order, actor: Actor) -> None:
    """Who may not send orders gives up his own only, while nobody has approved it."""
    if order.created_by_id != actor.user_id:
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    if order.state != OrderState.ON_APPROVAL:
        raise WrongState(order.get_state_display())


def _require_none_taken(order: Order) -> None:
    parts = OrderPart.objects.select_for_update(of=("self",), no_key=True).filter(order=order).order_by("pk")
    if any(part.accepted_at is not None for part in parts):
        raise WrongState(_("заказ уже в 1С"))


def _locked(order_id: int, actor: Actor | None) -> Order:
    orders = Order.objects.all() if actor is None else Order.objects.visible_to(actor)
    return orders.select_for_update(of=("self",), no_key=True).get(pk=order_id)


def stock_locked(lines: QuerySet[OrderLine]) -> list[tuple[Stock, Decimal]]:
    """Lock the stock rows of ordered lines by key; each with the quantity that the lines hold there."""
    quantities: dict[tuple[int, int], Decimal] = {}
    for sku_id, warehouse_id, quantity in lines.values_list("sku_id", "part__warehouse_id", "quantity"):
        place = (sku_id, warehouse_id)
        quantities[place] = quantities.get(place, Decimal(0)) + quantity
    return places_locked(quantities)


def places_locked(quantities: Mapping[tuple[int, int], Decimal]) -> list[tuple[Stock, Decimal]]:
    """Lock the stock rows of (sku, warehouse) by key; each with its quantity. What has no row is left out."""
    rows = (
        Stock.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            sku__in={sku_id for sku_id, _warehouse in quantities},
            warehouse__in={warehouse_id for _sku, warehouse_id in quantities},
        )
        .order_by("pk")
    )
    return [
        (row, quantities[row.sku_id, row.warehouse_id])
        for row in rows
        if (row.sku_id, row.warehouse_id) in quantities
    ]


def order_move(
    order: Order,
    target: OrderState,
    *,
    actor: Actor | None,
    at: datetime,
    comment: str = "",
    source: StepSource = StepSource.PORTAL,
    table: Mapping[str, frozenset[OrderState]] = TRANSITIONS,
) -> None:
    """Take a locked order one step of the table further and write it down. Raises WrongState."""
    require_step(order.state, target, table=table)
    order.state = target
    order.save(update_fields=["state"])
    step_note(order, actor=actor, at=at, comment=comment, source=source)


def step_note(
    order: Order,
    *,
    actor: Actor | None,
    at: datetime,
    comment: str = "",
    source: StepSource = StepSource.PORTAL,
) -> None:
    """Write the order's present state into its history, and tell of it."""
    step = OrderStep.objects.create(
        order=order,
        state=order.state,
        source=source,
        at=at,
        user_id=actor.user_id if actor else None,
        acting_user_id=actor.impersonator_id if actor else None,
        comment=comment,
    )
    publish(OrderMoved(order_id=order.pk, state=order.state, step_id=step.pk))
