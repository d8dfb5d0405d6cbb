"""Days counted by the production calendar."""

from datetime import date


def shift(base: date, days: int, *, is_working: bool = False) -> date:
    """Count days from the next day on, calendar or working ones; the end falls on a working day."""
    raise NotImplementedError


def next_working(day: date) -> date:
    """The day itself, or the first working day after it (ст. 193 ГК)."""
    raise NotImplementedError
