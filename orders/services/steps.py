"""Moves of an order between states, and what 1C's word does to the reserve."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.permissions import Permission
from catalog.models import Stock
from counterparties.actor import AccessDenied, Actor
from orders.events import OrderCancelled, OrderConfirmed
from orders.models import Order, OrderLine, OrderPart, OrderStep
from orders.services.credit_hold import order_credit_release, order_credit_reserve
from orders.states import OrderState, StepSource, require_step
from portal.outbox import publish


@transaction.atomic
def order_confirm(
    *, order_id: int, actor: Actor | None, at: datetime, source: StepSource = StepSource.PORTAL
) -> Order:
    """Take an order to work and hold its sum; without an actor the portal itself or 1C does so.

    Raises AccessDenied, Order.DoesNotExist (not the actor's client's), WrongState, OrderBlocked.
    """
    if actor is not None:
        actor.require(Permission.CLIENT_SERVE)
    order = _locked(order_id, actor)
    require_step(order.state, OrderState.CONFIRMED)
    order.state, order.confirmed_at = OrderState.CONFIRMED, at
    order.save(update_fields=["state", "confirmed_at"])
    if source != StepSource.ERP:  # 1C has decided; what the order holds follows from its word
        order_credit_reserve(order, at=at, actor=actor)
    step_note(order, actor=actor, at=at)
    publish(OrderConfirmed(order_id=order.pk))
    return order


@transaction.atomic
def order_cancel(*, order_id: int, actor: Actor, at: datetime, comment: str = "") -> Order:
    """Give up an order that nobody has confirmed yet; its reserve is free again.

    Raises AccessDenied, Order.DoesNotExist, WrongState.
    """
    if not (actor.can(Permission.ORDER_SUBMIT) or actor.can(Permission.CLIENT_SERVE)):
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    order = _locked(order_id, actor)
    require_step(order.state, OrderState.CANCELLED)
    order.state = OrderState.CANCELLED
    order.save(update_fields=["state"])
    changed = []
    for row, quantity in stock_locked(OrderLine.objects.filter(part__order=order)):
        row.reserved = F("reserved") - quantity
        changed.append(row)
    Stock.objects.bulk_update(changed, ["reserved"])
    order_credit_release(order, at=at)
    step_note(order, actor=actor, at=at, comment=comment)
    publish(OrderCancelled(order_id=order.pk))
    return order


@transaction.atomic
def part_accepted(*, part_ids: Collection[int], at: datetime) -> list[int]:
    """Note that 1C has taken the parts; return those that it had not taken before.

    From now on 1C itself counts the goods as sold, so they leave both the free stock and the
    reserve; what the client may order stays the same. Idempotent.
    """
    parts = OrderPart.objects.select_for_update(of=("self",)).filter(pk__in=part_ids).order_by("pk")
    fresh = [part for part in parts if part.accepted_at is None]
    for part in fresh:
        part.accepted_at = at
    OrderPart.objects.bulk_update(fresh, ["accepted_at"])
    changed = []
    for row, quantity in stock_locked(OrderLine.objects.filter(part__in=fresh)):
        row.free, row.reserved = F("free") - quantity, F("reserved") - quantity
        changed.append(row)
    Stock.objects.bulk_update(changed, ["free", "reserved"])
    return [part.pk for part in fresh]


def _locked(order_id: int, actor: Actor | None) -> Order:
    orders = Order.objects.all() if actor is None else Order.objects.visible_to(actor)
    return orders.select_for_update(of=("self",)).get(pk=order_id)


def stock_locked(lines: QuerySet[OrderLine]) -> list[tuple[Stock, Decimal]]:
    """Lock the stock rows of ordered lines by key; each with the quantity that the lines hold there."""
    quantities: dict[tuple[int, int], Decimal] = {}
    for sku_id, warehouse_id, quantity in lines.values_list("sku_id", "part__warehouse_id", "quantity"):
        place = (sku_id, warehouse_id)
        quantities[place] = quantities.get(place, Decimal(0)) + quantity
    rows = (
        Stock.objects.select_for_update(of=("self",))
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


def step_note(order: Order, *, actor: Actor | None, at: datetime, comment: str = "") -> None:
    """Write the order's present state into its history."""
    OrderStep.objects.create(
        order=order,
        state=order.state,
        at=at,
        user_id=actor.user_id if actor else None,
        acting_user_id=actor.impersonator_id if actor else None,
        comment=comment,
    )
