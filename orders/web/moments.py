"""A moment that a page carries in a hidden field."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

_NEVER = datetime.min.replace(tzinfo=UTC)


def moment_read(text: str) -> datetime:
    """Read an ISO moment with its zone; what is none is a moment at which nothing ever changed."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return _NEVER
    return _NEVER if found is None or found.tzinfo is None else found
