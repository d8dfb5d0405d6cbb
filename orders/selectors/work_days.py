"""Working days of the production calendar for many dates at once."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from finance.models import CalendarDay

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkDays:
    """`differs` tells the days that are not what their weekday says."""

    differs: dict[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.differs.get(day, day.weekday() < _SATURDAY)

    def from_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day


def work_days(*, since: date) -> WorkDays:
    """The calendar from a day on; one query."""
    return WorkDays(dict(CalendarDay.objects.filter(date__gte=since).values_list("date", "is_working")))
