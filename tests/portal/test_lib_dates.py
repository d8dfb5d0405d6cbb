from datetime import UTC, date, datetime

import pytest

from portal.lib.dates import add_bank_days, format_date, format_date_long, moscow_date

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("hour", "minute", "day"), [(20, 59, 20), (21, 0, 21)], ids=["last minute", "midnight"]
)
def test_moscow_date_turns_at_moscow_midnight(hour: int, minute: int, day: int) -> None:
    assert moscow_date(datetime(2026, 11, 20, hour, minute, tzinfo=UTC)) == date(2026, 11, day)


def test_moscow_date_refuses_naive_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moscow_date(datetime(2026, 11, 20))  # noqa: DTZ001


def test_dates_are_printed_in_russian() -> None:
    assert format_date(date(2026, 3, 5)) == "05.03.2026"
    assert format_date_long(date(2026, 3, 5)) == "5 марта 2026 г."
    assert format_date_long(date(2026, 5, 31)) == "31 мая 2026 г."


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (FRIDAY, 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 0, MONDAY),
        (date(2026, 11, 21), 1, MONDAY),
    ],
)
def test_add_bank_days_skips_weekends(start: date, count: int, end: date) -> None:
    assert add_bank_days(start, count) == end


def test_add_bank_days_skips_given_holidays() -> None:
    assert add_bank_days(FRIDAY, 1, holidays={MONDAY}) == date(2026, 11, 24)


def test_add_bank_days_refuses_to_go_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_bank_days(FRIDAY, -1)
