"""The last goods, many orders at once, and 1C's stock coming meanwhile: suite S4 in small."""

import random
from collections.abc import Collection

import pytest
from pytest_django import Settings

from catalog.models import CityWarehouse, Stock
from orders.models import Order
from orders.services import submission
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
