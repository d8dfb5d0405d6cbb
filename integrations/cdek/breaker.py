"""When СДЭК is left alone: after failures in a row, or as long as it asks."""

from django.core.cache import cache

_REST_SECONDS = 60
_LONGEST_REST = 300
_FAILURES_BEFORE_REST = 3
_FAILURES_KEY = "cdek:failures"
_REST_KEY = "cdek:rest"


def is_resting() -> bool:
    """Tell whether nobody should wait for an answer now."""
    return bool(cache.get(_REST_KEY)) or cache.get(_FAILURES_KEY, 0) >= _FAILURES_BEFORE_REST


def failure_note() -> None:
    """Three failures in a minute end in a minute of rest."""
    cache.add(_FAILURES_KEY, 0, _REST_SECONDS)
    cache.incr(_FAILURES_KEY)


def rest_for(seconds: int) -> None:
    """СДЭК asked to come later."""
    cache.set(_REST_KEY, 1, min(max(seconds, 1), _LONGEST_REST))
