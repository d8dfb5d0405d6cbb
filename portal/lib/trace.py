"""On whose behalf the program works: kept for the logs, the row history and the jobs alike.

One place for it, because a web request, a call of 1C and a background job must all leave the same
trace: who, entered by whom, in which request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pghistory
import structlog

_LOG_FIELDS = ("request_id", "user", "impersonator")


@dataclass(frozen=True, slots=True)
class Trace:
    """Who acts and where it began; `impersonator_id` is the manager who entered as `user_id`."""

    request_id: str = ""
    user_id: int | None = None
    impersonator_id: int | None = None
    ip: str = ""
    path: str = ""
    job: str = ""


_NOBODY = Trace()
_current: ContextVar[Trace] = ContextVar("trace", default=_NOBODY)


def current_trace() -> Trace:
    """Tell on whose behalf this code runs; an empty trace outside of requests and jobs."""
    return _current.get()


@contextmanager
def traced(trace: Trace) -> Iterator[None]:
    """Work on behalf of somebody: log lines and tracked rows carry it until the block ends.

    May be nested (a request of 1C learns its user only after reading the password): the inner
    trace holds inside its block, then the outer one again. The outermost block goes around the
    transactions: in the database the trace holds until the end of the transaction that it touched.
    """
    token = _current.set(trace)
    outer = structlog.contextvars.get_contextvars()
    structlog.contextvars.unbind_contextvars(*_LOG_FIELDS)
    structlog.contextvars.bind_contextvars(**_log_fields(trace))
    try:
        # The metadata is sent with every writing statement, as SET LOCAL does; see docs/adr.
        with _history(_history_fields(trace)):
            yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**outer)
        _current.reset(token)


@contextmanager
def _history(metadata: dict[str, object]) -> Iterator[None]:
    """Enter the history context; a nested one lends its metadata to the outer and takes it back."""
    with pghistory.context() as context:
        before = dict(context.metadata)
        context.metadata.clear()
        context.metadata.update(metadata)
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(before)


def _history_fields(trace: Trace) -> dict[str, object]:
    """Name the author as history rows do; what is not known is left out."""
    named = {
        "user": trace.user_id,
        "impersonator": trace.impersonator_id,
        "request_id": trace.request_id,
        "ip": trace.ip,
        "path": trace.path,
        "job": trace.job,
    }
    return {name: value for name, value in named.items() if value not in ("", None)}


def _log_fields(trace: Trace) -> dict[str, object]:
    values = (trace.request_id, trace.user_id, trace.impersonator_id)
    return {name: value for name, value in zip(_LOG_FIELDS, values, strict=True) if value not in ("", None)}
