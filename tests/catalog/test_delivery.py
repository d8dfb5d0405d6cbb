"""When goods arrive: hours of the last order, by the clock of Moscow."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from catalog.selectors import Arrival, WarehouseStock, delivery_promise, next_arrival
from portal.lib.dates import MOSCOW

DAY = date(2026, 11, 23)


def stock(days: int = 1, cutoff: time | None = None) -> WarehouseStock:
    return WarehouseStock(1, "Основной", Decimal(5), days, cutoff)


@pytest.mark.parametrize(
    ("hour", "days", "text"),
    [
        (time(14, 59), 1, "закажите до 15:00 — привезем завтра"),
        (time(15, 0), 1, "привезем послезавтра"),
        (time(23, 59), 1, "привезем послезавтра"),
        (time(0, 0), 0, "закажите до 15:00 — привезем сегодня"),
        (time(15, 1), 0, "привезем завтра"),
        (time(14, 0), 5, "закажите до 15:00 — привезем 28.11"),
        (time(16, 0), 5, "привезем 29.11"),
    ],
)
def test_order_after_the_last_hour_leaves_a_day_later(hour: time, days: int, text: str) -> None:
    at = datetime.combine(DAY, hour, tzinfo=MOSCOW)

    assert delivery_promise(stock(days, time(15)), at=at).text == text


def test_warehouse_without_a_last_hour_names_none() -> None:
    promise = delivery_promise(stock(1), at=datetime.combine(DAY, time(23), tzinfo=MOSCOW))

    assert (promise.arrives_on, promise.ordered_by, promise.text) == (
        DAY + timedelta(days=1), None, "привезем завтра",
    )  # fmt: skip


def test_promise_counts_days_and_hours_of_moscow() -> None:
    late_evening_in_greenwich = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 01:30 of the 23rd in Moscow

    promise = delivery_promise(stock(1, time(15)), at=late_evening_in_greenwich)

    assert (promise.today, promise.arrives_on, promise.ordered_by) == (
        DAY, DAY + timedelta(days=1), time(15),
    )  # fmt: skip


def expected(quantity: int, day: date | None) -> WarehouseStock:
    return WarehouseStock(1, "Основной", Decimal(0), 1, expected=Decimal(quantity), expected_date=day)


def test_next_arrival_is_the_earliest_and_adds_one_day_up() -> None:
    later = DAY + timedelta(days=12)

    found = next_arrival(
        [expected(500, None), expected(70, later), expected(50, later), expected(0, DAY)], on=DAY
    )

    assert found == Arrival(Decimal(120), later)


def test_arrival_that_is_overdue_or_without_a_date_names_none() -> None:
    assert next_arrival([expected(5, DAY - timedelta(days=1)), expected(7, None)], on=DAY) == Arrival(
        Decimal(12), None
    )
    assert next_arrival([expected(0, None)], on=DAY) is None
