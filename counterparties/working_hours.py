"""Working hours of one person: when so many of his working minutes will have passed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

IsWorking = Callable[[date], bool]
"""Whether a day is a working one (`finance.workdays.WorkDays.is_working`)."""

_DAY = timedelta(days=1)
_FURTHEST = 366  # days; a calendar without a single working day must not hang


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours by the clock of the person's own zone."""

    opens: time
    closes: time
    zone: ZoneInfo

    def later(self, at: datetime, *, minutes: int, is_working: IsWorking) -> datetime:
        """The moment by which the working minutes have passed; nights and days off do not count.

        Minutes that end exactly with the day end there, not the next morning.
        """
        left = timedelta(minutes=minutes)
        day = at.astimezone(self.zone).date()
        for _step in range(_FURTHEST):
            opens, closes = self._bounds(day)
            begins = max(at, opens)
            if is_working(day) and begins < closes:
                if left <= closes - begins:
                    return begins + left
                left -= closes - begins
            day += _DAY
        return at + timedelta(minutes=minutes)

    def is_open(self, at: datetime, *, is_working: IsWorking) -> bool:
        opens, closes = self._bounds(at.astimezone(self.zone).date())
        return opens <= at < closes and is_working(at.astimezone(self.zone).date())

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        """Made of the clock of that day, as moments in UTC: a zone may change its clock in between."""
        opens = datetime.combine(day, self.opens, self.zone)
        closes = datetime.combine(day, self.closes, self.zone)
        return opens.astimezone(_UTC), closes.astimezone(_UTC)


_UTC = ZoneInfo("UTC")
