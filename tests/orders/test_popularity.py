"""How popular goods are by the orders of late."""

from datetime import timedelta

import pytest

from catalog.models import ProductClickDay, SkuPopularity
from catalog.services.popularity import popularity_write
from orders.handlers import count_popularity
from orders.models import Order, OrderLine
from orders.services.popularity import popularity_count
from orders.states import OrderState
from portal.outbox import PeriodStart
from tests.factories import AT, TODAY, World, make_sku, make_world
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def scores() -> dict[int, float]:
    return dict(SkuPopularity.objects.values_list("sku_id", "score"))


def sent(world: World, sku: int, *, days_ago: float) -> Order:
    order = make_order(world.buyer, world.contract, world, {world.skus[sku]: 1})
    Order.objects.filter(pk=order.pk).update(submitted_at=AT - timedelta(days=days_ago))
    return order


def test_an_order_counts_half_after_sixty_days(world: World) -> None:
    sent(world, 0, days_ago=0)
    sent(world, 0, days_ago=60)
    sent(world, 1, days_ago=120)

    popularity_count(at=AT)

    assert scores() == {world.skus[0].pk: 1.5, world.skus[1].pk: 0.25}


def test_cancelled_later_and_forgotten_orders_count_for_nothing(world: World) -> None:
    cancelled = sent(world, 0, days_ago=1)
    Order.objects.filter(pk=cancelled.pk).update(state=OrderState.CANCELLED)
    sent(world, 1, days_ago=-1)
    sent(world, 2, days_ago=731)

    assert popularity_count(at=AT) == 0
    assert scores() == {}


def test_line_split_over_warehouses_counts_once(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 12})

    popularity_count(at=AT)

    assert OrderLine.objects.filter(part__order=order).count() == 2
    assert scores() == {world.skus[0].pk: 1.0}


def test_repeat_of_the_day_changes_nothing(world: World) -> None:
    sent(world, 0, days_ago=3)
    count_popularity(PeriodStart(start=AT))
    before = scores()

    assert popularity_count(at=AT) == 0
    assert scores() == before


def test_without_orders_what_is_known_stays(world: World) -> None:
    popularity_write({world.skus[0].pk: 1.0})

    assert popularity_count(at=AT) == 0
    assert scores() == {world.skus[0].pk: 1.0}


def test_write_replaces_what_is_no_longer_told(world: World) -> None:
    first, second, third = (sku.pk for sku in world.skus)
    popularity_write({first: 1.0, second: 2.0})

    changed = popularity_write({second: 2.0, third: 5.0})

    assert changed == 2
    assert scores() == {second: 2.0, third: 5.0}


def clicked(world: World, sku: int, *, days_ago: int, clicks: int) -> None:
    ProductClickDay.objects.create(
        day=TODAY - timedelta(days=days_ago), product=world.skus[sku].product, clicks=clicks
    )


def test_clicks_weigh_a_twentieth_of_an_order_and_fade(world: World) -> None:
    sent(world, 0, days_ago=0)
    clicked(world, 0, days_ago=60, clicks=4)
    clicked(world, 1, days_ago=60, clicks=1_000)
    twin = make_sku(product=world.skus[1].product, characteristic="синий")
    make_sku(product=world.skus[1].product, characteristic="скрытый", is_hidden=True)

    popularity_count(at=AT)

    assert scores() == {world.skus[0].pk: 1.1, world.skus[1].pk: 0.5, twin.pk: 0.5}


def test_clicks_of_today_wait_for_the_end_of_the_day(world: World) -> None:
    sent(world, 0, days_ago=0)
    clicked(world, 1, days_ago=0, clicks=5)

    popularity_count(at=AT)

    assert scores() == {world.skus[0].pk: 1.0}


def test_clicks_alone_change_nothing(world: World) -> None:
    popularity_write({world.skus[0].pk: 1.0})
    clicked(world, 1, days_ago=1, clicks=5)

    assert popularity_count(at=AT) == 0
    assert scores() == {world.skus[0].pk: 1.0}
