"""Days counted by the production calendar."""

from datetime import date, timedelta

from finance.models import CalendarDay

_SATURDAY = 5
_LONGEST_REST = 30
_DAY = timedelta(days=1)


def shift(base: date, days: int, *, is_working: bool = False) -> date:
    """Count days from the next day on, calendar or working ones; the end falls on a working day.

    ст. 193 ГК; one query. The calendar's years that are not filled in have plain weeks.
    """
    calendar = _calendar(base, base + timedelta(days=days * 2 + _LONGEST_REST))
    if is_working:
        return _working_later(base, days, calendar)
    return _not_before(base + timedelta(days=days), calendar)


def next_working(day: date) -> date:
    """The day itself, or the first working day after it (ст. 193 ГК)."""
    return shift(day, 0)


def _calendar(since: date, until: date) -> dict[date, bool]:
    return dict(CalendarDay.objects.filter(date__range=(since, until)).values_list("date", "is_working"))


def _is_working(day: date, calendar: dict[date, bool]) -> bool:
    return calendar.get(day, day.weekday() < _SATURDAY)


def _working_later(day: date, count: int, calendar: dict[date, bool]) -> date:
    while count:
        day += _DAY
        count -= _is_working(day, calendar)
    return _not_before(day, calendar)


def _not_before(day: date, calendar: dict[date, bool]) -> date:
    while not _is_working(day, calendar):
        day += _DAY
    return day
