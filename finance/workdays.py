"""Days counted by the production calendar."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from finance.models import CalendarDay

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkDays:
    """`differs` tells the days that are not what their weekday says; years not filled in have plain weeks."""

    differs: dict[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.differs.get(day, day.weekday() < _SATURDAY)

    def from_day(self, day: date) -> date:
        """The day itself, or the first working one after it (ст. 193 ГК)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def later(self, day: date, count: int) -> date:
        """So many working days after a day."""
        while count:
            day += _DAY
            count -= self.is_working(day)
        return self.from_day(day)


def work_days(*, since: date) -> WorkDays:
    """The calendar from a day on, for many dates at once; one query."""
    return WorkDays(dict(CalendarDay.objects.filter(date__gte=since).values_list("date", "is_working")))


def shift(base: date, days: int, *, is_working: bool = False) -> date:
    """Count days from the next day on, calendar or working ones, to a working day; one query."""
    calendar = work_days(since=base)
    return calendar.later(base, days) if is_working else calendar.from_day(base + timedelta(days=days))


def next_working(day: date) -> date:
    """The day itself, or the first working day after it; one query."""
    return shift(day, 0)


_EARLIER = """
SELECT max(day)::date FROM generate_series(%s::date - 30, %s::date - 1, interval '1 day') AS day
  LEFT JOIN finance_calendarday special ON special.date = day::date
 WHERE coalesce(special.is_working, extract(isodow FROM day) < 6)
"""


def earlier_sql(day: date) -> tuple[str, list[Any]]:
    """The last working day before a day, as a piece of a larger statement with its parameters."""
    return _EARLIER, [day, day]
