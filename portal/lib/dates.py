"""Russian dates and bank days; the business day of a moment is the day in Moscow."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")

# A tuple and not a locale: the machine may have no Russian locale, and it would be process-wide.
_MONTHS_GENITIVE = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_SATURDAY = 5


def moscow_date(moment: datetime) -> date:
    """Tell the business day of an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no business day")
    return moment.astimezone(MOSCOW).date()


def format_date(day: date) -> str:
    """Print a date for tables: «20.11.2026»."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def format_date_long(day: date) -> str:
    """Print a date for titles: «20 ноября 2026 г.»."""
    return f"{day.day} {month_genitive(day.month)} {day.year} г."


def format_moment(moment: datetime) -> str:
    """Print a moment in Moscow for a sentence: «20 ноября, 09:10»."""
    there = moment.astimezone(MOSCOW)
    return f"{there.day} {month_genitive(there.month)}, {there:%H:%M}"


def format_since(moment: datetime, *, now: datetime) -> str:
    """Print a moment as shortly as can be: «09:10» today, «20 ноября, 09:10» on another day."""
    there = moment.astimezone(MOSCOW)
    return f"{there:%H:%M}" if there.date() == moscow_date(now) else format_moment(moment)


def month_genitive(month: int) -> str:
    """Name a month 1-12 in the genitive. Raises ValueError outside of it."""
    if not 1 <= month <= 12:
        raise ValueError(f"No month {month}")
    return _MONTHS_GENITIVE[month - 1]


def is_bank_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Tell whether banks work: not a weekend and not one of the given holidays."""
    return day.weekday() < _SATURDAY and day not in holidays


def add_bank_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """Count bank days forward from the next day on; 0 gives the day itself or the first bank day after it.

    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("Bank days are counted forward only")
    while count:
        day += timedelta(days=1)
        if is_bank_day(day, holidays):
            count -= 1
    while not is_bank_day(day, holidays):
        day += timedelta(days=1)
    return day
