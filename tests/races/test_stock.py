"""The last goods, many orders at once, and 1C's stock coming meanwhile: suite S4 in small."""

import random
from collections.abc import Collection
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from catalog.models import CityWarehouse, Stock
from orders.models import Order
from orders.refusals import StockBusy
from orders.selectors import cart_view
from orders.services import order_submit, submission
from tests.factories import AT, TODAY, actor_of, make_cart, make_world
from tests.races.crowd import crowd
from tests.races.stock_race import Shop, make_shop, misreserved, oversold, race

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS, ORDERS, STOCK = 8, 4, 6


@pytest.fixture
def shop(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Shop:
    settings.EXCHANGE_POLL_SECONDS = 0.0
    monkeypatch.setattr("portal.outbox.sending.send", len)
    return make_shop(buyers=BUYERS, stock=STOCK)


def test_nothing_is_oversold_and_nobody_deadlocks_while_1c_tells_of_stock(shop: Shop) -> None:
    sent, files = race(shop, orders=ORDERS, stock=STOCK)

    assert set(sent) <= {"sent", "short"}
    assert sum(sent.values()) == BUYERS * ORDERS
    assert sent["sent"] == Order.objects.count() > 0
    assert set(files) == {"files"}
    assert (oversold(), misreserved()) == (0, [])


def test_locks_in_any_other_order_deadlock(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the test above can fail."""

    def in_any_order(*, sku_ids: Collection[int], city_id: int) -> list[Stock]:
        serving = CityWarehouse.objects.filter(city_id=city_id).values("warehouse")
        rows = list(Stock.objects.filter(sku__in=sku_ids, warehouse__in=serving).values_list("pk", flat=True))
        random.shuffle(rows)
        return [Stock.objects.select_for_update().get(pk=pk) for pk in rows]

    monkeypatch.setattr(submission, "lock_stock", in_any_order)

    sent, _files = race(shop, orders=ORDERS, stock=STOCK * 100)

    assert sent["deadlock"] > 0


def test_too_long_a_wait_for_goods_is_told_and_changes_nothing(transactional_db: None) -> None:
    world = make_world()
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    total = cart_view(cart, on=TODAY).total.gross

    def impatient() -> Order:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        return order_submit(
            actor=actor_of(world.buyer),
            cart_id=cart.pk,
            delivery_address_id=None,
            comment="",
            client_reference="",
            idempotency_key=uuid4(),
            expected_total=total,
            at=AT,
        )

    with transaction.atomic():
        list(Stock.objects.select_for_update().order_by("pk"))
        (outcome,) = crowd([partial(impatient)])

    assert isinstance(outcome, StockBusy)
    assert (Order.objects.count(), cart.lines.count()) == (0, 1)
