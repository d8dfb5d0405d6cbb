"""A rest after failures: nobody waits for a provider that does not answer."""

from django.core.cache import cache

from finance.gateways import GatewayUnavailable

_REST_SECONDS = 30
_FAILURES_BEFORE_REST = 5
_KEY = "yookassa:failures"


def breaker_check() -> None:
    """Raises GatewayUnavailable while the provider is left alone."""
    if cache.get(_KEY, 0) >= _FAILURES_BEFORE_REST:
        raise GatewayUnavailable("resting after failures")


def breaker_failed() -> None:
    """Count a question that got no answer; the rest ends by itself."""
    cache.add(_KEY, 0, _REST_SECONDS)
    cache.incr(_KEY)


def breaker_worked() -> None:
    cache.delete(_KEY)
