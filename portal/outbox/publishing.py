"""Writing jobs in the caller's transaction; the only way in for events and direct jobs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from portal.lib.dates import MOSCOW
from portal.lib.trace import current_trace
from portal.outbox import sending
from portal.outbox.events import Event
from portal.outbox.payload import encode
from portal.outbox.registry import Handler, handler_name, handler_named, handlers_of

# Plain SQL: one statement however many jobs there are, and the ids of those that were new.
# The rest of the columns has database defaults.
_INSERT = """
INSERT INTO outbox_job (handler, queue, payload, key, due_at, request_id, user_id, impersonator_id)
SELECT handler, queue, payload, key, now() + delay, %s, %s, %s
  FROM unnest(%s::text[], %s::text[], %s::jsonb[], %s::text[], %s::interval[])
       AS job (handler, queue, payload, key, delay)
ON CONFLICT (handler, key) DO NOTHING
RETURNING id, queue
"""
_FIND = "SELECT id FROM outbox_job WHERE handler = %s AND key = %s"


class Period(StrEnum):
    """How often a scheduled job may run: once in each of these."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class PeriodStart:
    """The payload of scheduled jobs: the beginning of the period, by the clock of Moscow."""

    start: datetime


@dataclass(frozen=True, slots=True)
class _NewJob:
    handler: Handler
    payload: object
    key: str
    delay: timedelta = timedelta()


def publish(*events: Event) -> None:
    """Write one job for each subscribed handler of each event, in the caller's transaction.

    Nothing is lost and nothing is early: the jobs exist exactly if the transaction is committed.
    An event whose key a handler already knows is passed over silently.

    Raises TransactionManagementError outside of `transaction.atomic()`.
    """
    _write(
        [
            _NewJob(handler=handler, payload=event, key=key)
            for event, key in ((event, event.key) for event in events)
            for handler in handlers_of(type(event))
            if handler.wanted is None or handler.wanted()
        ]
    )


def enqueue(
    function: Callable[..., None], payload: object, *, key: str, delay: timedelta = timedelta()
) -> int:
    """Write one job for a function registered with `@job`; return its id.

    Idempotent by key: the second call with the same key changes nothing and returns the first id.

    Raises TransactionManagementError outside of `transaction.atomic()`, UnknownHandler, and
    TypeError for a payload of another class.
    """
    handler = handler_named(handler_name(function))
    written = _write([_NewJob(handler=handler, payload=payload, key=key, delay=delay)])
    return written[0] if written else _existing(handler.name, key)


def enqueue_period(*, handler: str, period: Period, at: datetime) -> int:
    """Write the job of a schedule for the period that `at` lies in; the same period gives the same job."""
    found = handler_named(handler)
    start = period_start(at, period)
    key = f"{period}:{start:%Y-%m-%dT%H:%M}"
    written = _write([_NewJob(handler=found, payload=PeriodStart(start=start), key=key)])
    return written[0] if written else _existing(handler, key)


def period_start(at: datetime, period: Period) -> datetime:
    """Tell when the period began, by the clock of Moscow."""
    start = at.astimezone(MOSCOW).replace(second=0, microsecond=0)
    if period is Period.MINUTE:
        return start
    start = start.replace(minute=0)
    if period is Period.HOUR:
        return start
    start = start.replace(hour=0)
    return start if period is Period.DAY else start.replace(day=1)


def _write(jobs: list[_NewJob]) -> list[int]:
    """Insert jobs and arrange that they are sent after the commit; return the ids of the new ones."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Jobs are written inside transaction.atomic() only")
    for new in jobs:
        if not isinstance(new.payload, new.handler.payload):
            raise TypeError(f"{new.handler.name} takes {new.handler.payload.__name__}, not {new.payload!r}")
    if not jobs:
        return []
    rows = _insert(jobs)

    # A def and not a partial: Django names the callback when it fails.
    def send_after_commit() -> None:
        sending.send(rows)

    due_now = all(new.delay <= timedelta() for new in jobs)
    if rows and due_now:
        transaction.on_commit(send_after_commit, robust=True)
    return [pk for pk, _queue in rows]


def _insert(jobs: Iterable[_NewJob]) -> list[tuple[int, str]]:
    trace = current_trace()
    columns: list[list[Any]] = [[], [], [], [], []]
    for new in jobs:
        values = (new.handler.name, new.handler.queue, Jsonb(encode(new.payload)), new.key, new.delay)
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [trace.request_id, trace.user_id, trace.impersonator_id, *columns])
        return [(int(pk), str(queue)) for pk, queue in cursor.fetchall()]


def _existing(handler: str, key: str) -> int:
    """Find a job by its key. The insert above has waited for a competitor, so the row is visible now."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [handler, key])
        (pk,) = cursor.fetchone()
        return int(pk)
