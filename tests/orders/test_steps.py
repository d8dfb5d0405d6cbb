"""Moves of an order, and what 1C's word does to the stock."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.models import Stock
from counterparties.actor import AccessDenied
from counterparties.permissions import ReadyRole
from orders import services
from orders.models import Order, OrderPart, OrderStep
from orders.services import steps
from orders.states import OrderState
from tests.factories import AT, World, actor_of, make_cart, make_person

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def order(world: World) -> Order:
    """12 bolts: 10 from the main warehouse, 2 from the second."""
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12})
    return services.order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=Decimal(1200),
        at=AT,
    )


def stock_of(world: World) -> list[tuple[Decimal, Decimal]]:
    return list(Stock.objects.filter(sku=world.skus[0]).order_by("pk").values_list("free", "reserved"))


def test_order_confirm_takes_the_order_to_work(
    world: World, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(steps, "publish", told.append)

    services.order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=LATER)

    order.refresh_from_db()
    assert (order.state, order.confirmed_at) == (OrderState.CONFIRMED, LATER)
    step = OrderStep.objects.filter(order=order).latest("pk")
    assert told == [
        steps.OrderMoved(order_id=order.pk, state=OrderState.CONFIRMED, step_id=step.pk),
        steps.OrderConfirmed(order_id=order.pk),
    ]
    assert OrderStep.objects.filter(order=order).order_by("pk").values_list("state", "at", "user").last() == (
        OrderState.CONFIRMED,
        LATER,
        world.manager.pk,
    )


def test_order_confirm_twice_is_refused(world: World, order: Order) -> None:
    services.order_confirm(order_id=order.pk, actor=None, at=LATER)

    with pytest.raises(services.WrongState):
        services.order_confirm(order_id=order.pk, actor=None, at=LATER)

    assert OrderStep.objects.filter(order=order).count() == 2


@pytest.mark.parametrize("person", ["buyer", "head"])
def test_order_confirm_is_not_for_clients(world: World, order: Order, person: str) -> None:
    with pytest.raises(AccessDenied):
        services.order_confirm(order_id=order.pk, actor=actor_of(getattr(world, person)), at=LATER)

    order.refresh_from_db()
    assert order.state == OrderState.SUBMITTED


def test_order_confirm_is_not_for_another_manager(world: World, order: Order) -> None:
    with pytest.raises(Order.DoesNotExist):
        services.order_confirm(order_id=order.pk, actor=actor_of(world.other_manager), at=LATER)

    order.refresh_from_db()
    assert order.state == OrderState.SUBMITTED


@pytest.mark.parametrize("person", ["buyer", "head", "manager", "administrator"])
def test_order_cancel_frees_the_reserve(world: World, order: Order, person: str) -> None:
    assert stock_of(world) == [(10, 10), (5, 2)]

    services.order_cancel(order_id=order.pk, actor=actor_of(getattr(world, person)), at=LATER)

    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert stock_of(world) == [(10, 0), (5, 0)]


def test_order_cancel_gives_up_a_confirmed_order_that_1c_has_not_taken(world: World, order: Order) -> None:
    services.order_confirm(order_id=order.pk, actor=None, at=LATER)

    services.order_cancel(order_id=order.pk, actor=actor_of(world.buyer), at=LATER)

    order.refresh_from_db()
    assert (order.state, order.confirmed_at) == (OrderState.CANCELLED, None)
    assert stock_of(world) == [(10, 0), (5, 0)]


def test_order_cancel_comes_too_late_when_1c_has_taken_a_part(world: World, order: Order) -> None:
    services.order_confirm(order_id=order.pk, actor=None, at=LATER)
    first = OrderPart.objects.order_by("number").values_list("pk", flat=True)[0]
    services.part_accepted(part_ids=[first], at=LATER)

    with pytest.raises(services.WrongState):
        services.order_cancel(order_id=order.pk, actor=actor_of(world.buyer), at=LATER)

    order.refresh_from_db()
    assert order.state == OrderState.CONFIRMED
    assert stock_of(world) == [(0, 0), (5, 2)]


def test_part_accepted_of_a_cancelled_order_frees_no_reserve_twice(world: World, order: Order) -> None:
    services.order_confirm(order_id=order.pk, actor=None, at=LATER)
    services.order_cancel(order_id=order.pk, actor=actor_of(world.buyer), at=LATER)

    services.part_accepted(part_ids=list(OrderPart.objects.values_list("pk", flat=True)), at=LATER)

    assert stock_of(world) == [(0, 0), (3, 0)]


def test_order_cancel_needs_a_right(world: World, order: Order) -> None:
    viewer = make_person(world.holding, ReadyRole.VIEWER)

    with pytest.raises(AccessDenied):
        services.order_cancel(order_id=order.pk, actor=actor_of(viewer), at=LATER)

    assert stock_of(world) == [(10, 10), (5, 2)]


@pytest.mark.parametrize("person", ["other_buyer", "other_manager"])
def test_order_cancel_does_not_know_foreign_orders(world: World, order: Order, person: str) -> None:
    with pytest.raises(Order.DoesNotExist):
        services.order_cancel(order_id=order.pk, actor=actor_of(getattr(world, person)), at=LATER)

    assert stock_of(world) == [(10, 10), (5, 2)]


def test_part_accepted_hands_the_goods_over_to_1c(world: World, order: Order) -> None:
    services.order_confirm(order_id=order.pk, actor=None, at=AT)
    first, second = OrderPart.objects.order_by("number").values_list("pk", flat=True)

    accepted = services.part_accepted(part_ids=[first], at=LATER)

    assert accepted == [first]
    assert stock_of(world) == [(0, 0), (5, 2)]
    assert list(OrderPart.objects.order_by("number").values_list("accepted_at", flat=True)) == [LATER, None]

    services.part_accepted(part_ids=[first, second], at=LATER + timedelta(hours=1))

    assert stock_of(world) == [(0, 0), (3, 0)]
    assert OrderPart.objects.get(pk=first).accepted_at == LATER


def test_part_accepted_again_changes_nothing(world: World, order: Order) -> None:
    parts = list(OrderPart.objects.values_list("pk", flat=True))
    services.part_accepted(part_ids=parts, at=LATER)

    assert services.part_accepted(part_ids=parts, at=LATER + timedelta(days=1)) == []

    assert stock_of(world) == [(0, 0), (3, 0)]
