"""Days of an order by schedule."""

from datetime import date
from itertools import islice

import pytest

from orders.rhythm import Rhythm

MONDAY = date(2026, 11, 23)


def days(rhythm: Rhythm, since: date = MONDAY, count: int = 4) -> list[str]:
    return [f"{day:%d.%m}" for day in islice(rhythm.days_from(since), count)]


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (Rhythm(MONDAY, weekdays=(0, 3)), ["23.11", "26.11", "30.11", "03.12"]),
        (Rhythm(MONDAY, weekdays=(1,), every_weeks=2), ["24.11", "08.12", "22.12", "05.01"]),
        (Rhythm(date(2026, 11, 25), weekdays=(0,), every_weeks=2), ["07.12", "21.12", "04.01", "18.01"]),
        (Rhythm(date(2026, 11, 25)), ["25.11", "02.12", "09.12", "16.12"]),
        (Rhythm(MONDAY, month_day=5), ["05.12", "05.01", "05.02", "05.03"]),
        (Rhythm(MONDAY, month_day=31), ["30.11", "31.12", "31.01", "28.02"]),
        (Rhythm(MONDAY, ends_on=date(2026, 12, 1), weekdays=(1,)), ["24.11", "01.12"]),
    ],
)
def test_days_come_in_their_rhythm(rhythm: Rhythm, expected: list[str]) -> None:
    assert days(rhythm) == expected


def test_skipped_days_and_the_end_are_passed_over() -> None:
    rhythm = Rhythm(MONDAY, ends_on=date(2026, 12, 7))

    assert rhythm.first_from(MONDAY, skipped=frozenset({MONDAY})) == date(2026, 11, 30)
    assert rhythm.first_from(date(2026, 12, 8)) is None


def test_days_end_with_the_calendar() -> None:
    rhythm = Rhythm(starts_on=date.max)

    assert list(rhythm.days_from(date(2026, 11, 23))) == [date.max]
