"""Moments that 1C tells, against the portal's clock."""

from datetime import datetime, timedelta

_AHEAD = timedelta(days=1)  # a wrong zone puts itself right within hours, a wrong year never

AHEAD_TEXT = "момент в будущем, проверьте часы базы 1С"


def is_ahead(moment: datetime | None, *, at: datetime) -> bool:
    """Tell a moment after which no true word of 1C would count as newer for days or years."""
    return moment is not None and moment - at > _AHEAD
