"""On which days an order by schedule is wanted. No queries here."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_LONGEST_SEARCH = 366 * 2


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A day of the month (the last one where it is shorter), or weekdays (0 is Monday) every so many weeks.

    Weeks are counted from that of `starts_on`; without weekdays its own weekday holds.
    """

    starts_on: date
    ends_on: date | None = None
    weekdays: tuple[int, ...] = ()
    every_weeks: int = 1
    month_day: int | None = None

    def holds(self, day: date) -> bool:
        if day < self.starts_on or (self.ends_on is not None and day > self.ends_on):
            return False
        if self.month_day is not None:
            return day.day == min(self.month_day, monthrange(day.year, day.month)[1])
        first_monday = self.starts_on - timedelta(days=self.starts_on.weekday())
        weeks = (day - first_monday).days // 7
        return weeks % self.every_weeks == 0 and day.weekday() in (
            self.weekdays or (self.starts_on.weekday(),)
        )

    def days_from(self, day: date) -> Iterator[date]:
        """Days on or after the given one, for two years at most."""
        first = max(day, self.starts_on)
        left = (date.max - first).days + 1  # the calendar ends, too
        for offset in range(min(_LONGEST_SEARCH, left)):
            if self.holds(first + offset * _DAY):
                yield first + offset * _DAY

    def first_from(self, day: date, *, skipped: frozenset[date] = frozenset()) -> date | None:
        """The first day from the given one on that is not skipped; None where there is none."""
        return next((one for one in self.days_from(day) if one not in skipped), None)
