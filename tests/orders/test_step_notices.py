"""Who is told of the moves of an order."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Notice
from accounts.notices import NoticeKind
from orders.models import OrderStep
from orders.services.step_notices import steps_tell
from orders.states import OrderState
from tests.documents.orders import make_order
from tests.factories import AT, World, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def moved(world: World, state: str, **changes: Any) -> OrderStep:
    order = make_order(world)
    return OrderStep.objects.create(order=order, state=state, **({"at": AT} | changes))


def people_told() -> set[int]:
    return set(Notice.objects.values_list("user_id", flat=True))


def test_move_is_told_once_to_author_and_head(world: World) -> None:
    colleague = make_person(world.holding)
    step = moved(world, OrderState.RESERVED)

    assert (steps_tell(at=AT), steps_tell(at=AT + timedelta(minutes=1))) == (2, 0)

    assert people_told() == {world.buyer.pk, world.head.pk}
    assert colleague.pk not in people_told()
    notice = Notice.objects.filter(user=world.buyer).get()
    assert (notice.kind, notice.address) == (NoticeKind.ORDER_STATE, f"/orders/{step.order_id}/")
    assert notice.title == f"Заказ {step.order.number}: товар в резерве"


@pytest.mark.parametrize("state", [OrderState.PARTLY_SHIPPED, OrderState.SHIPPED])
def test_goods_that_left_are_a_shipment(world: World, state: OrderState) -> None:
    moved(world, state)

    steps_tell(at=AT)

    assert set(Notice.objects.values_list("kind", flat=True)) == {NoticeKind.SHIPMENT}


def test_who_moved_it_is_not_told(world: World) -> None:
    moved(world, OrderState.CANCELLED, user=world.buyer)

    steps_tell(at=AT)

    assert people_told() == {world.head.pk}


@pytest.mark.parametrize("state", [OrderState.SUBMITTED, OrderState.ON_APPROVAL])
def test_sending_needs_no_telling(world: World, state: OrderState) -> None:
    moved(world, state)

    assert steps_tell(at=AT) == 0


def test_moves_are_told_however_long_nobody_told(world: World) -> None:
    moved(world, OrderState.RESERVED, at=AT - timedelta(days=2))

    assert (steps_tell(at=AT), steps_tell(at=AT)) == (2, 0)


def test_move_of_last_week_is_no_news(world: World) -> None:
    moved(world, OrderState.RESERVED, at=AT - timedelta(days=7))

    assert steps_tell(at=AT) == 0


@pytest.mark.parametrize("moves", [1, 3])
def test_people_are_looked_for_once_however_many_moves(
    world: World, moves: int, django_assert_num_queries: Any
) -> None:
    order = make_order(world)
    OrderStep.objects.all().delete()
    for _move in range(moves):
        OrderStep.objects.create(order=order, state=OrderState.RESERVED, at=AT)

    with django_assert_num_queries(16):
        steps_tell(at=AT)
