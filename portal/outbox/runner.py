"""Doing one job: claim, call the handler, commit its effects together with `done`."""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection, transaction

from portal.lib.trace import Trace, traced
from portal.outbox.contract import JobRefused, LeaseLost
from portal.outbox.heartbeat import Heartbeat
from portal.outbox.models import Job
from portal.outbox.payload import decode
from portal.outbox.registry import Handler, handler_named
from portal.outbox.services import job_bury, job_claim, job_complete, job_fail

_TRACE_LENGTH = 3000

log = structlog.get_logger()


class RunningJob:
    """One attempt at a job; what handlers know as JobContext."""

    def __init__(self, job: Job, pulse: Heartbeat) -> None:
        self._job = job
        self._pulse = pulse
        self._progress: str | None = None
        self.is_finished = False

    @property
    def id(self) -> int:
        return self._job.pk

    @property
    def key(self) -> str:
        return self._job.key

    @property
    def attempts(self) -> int:
        return self._job.attempts

    def heartbeat(self) -> None:
        if self._pulse.is_lost:
            raise LeaseLost(f"job {self.id}, attempt {self.attempts}")

    def progress(self, text: str) -> None:
        self._progress = text
        self._pulse.tell(text)

    @contextmanager
    def finish(self) -> Iterator[None]:
        self.heartbeat()
        with transaction.atomic():
            yield
            job_complete(pk=self.id, attempts=self.attempts, progress=self._progress)
        self.is_finished = True


def run(pk: int) -> None:
    """Do the job if it is due and free. Doing nothing is normal: messages may come twice.

    Never raises what the handler raised; an error of the database on the way is left to the lease.
    """
    job = job_claim(pk)
    if job is None:
        return
    trace = Trace(
        request_id=job.request_id,
        user_id=job.user_id,
        impersonator_id=job.impersonator_id,
        job=f"{job.handler}#{job.pk}",
    )
    with traced(trace):
        _attempt(job)


def _attempt(job: Job) -> None:
    began = time.monotonic()
    try:
        with Heartbeat(pk=job.pk, attempts=job.attempts) as pulse:
            _call(handler_named(job.handler), RunningJob(job, pulse), job)
    except LeaseLost:
        log.warning("job_lease_lost", job=job.pk, handler=job.handler, attempts=job.attempts)
    except JobRefused as refusal:
        job_bury(job=job, reason=str(refusal))
    except Exception as error:
        if not connection.in_atomic_block:  # the failure may have been the connection's
            connection.close_if_unusable_or_obsolete()
        job_fail(job=job, error=_described(error))
    else:
        took = int((time.monotonic() - began) * 1000)
        log.info("job_done", job=job.pk, handler=job.handler, attempts=job.attempts, milliseconds=took)


def _call(handler: Handler, running: RunningJob, job: Job) -> None:
    payload: object = decode(handler.payload, job.payload)
    arguments = (payload, running) if handler.wants_context else (payload,)
    if handler.atomic:
        with running.finish():
            handler.function(*arguments)
        return
    handler.function(*arguments)
    if not running.is_finished:
        with running.finish():
            pass


def _described(error: Exception) -> str:
    """Say the reason first, then where it happened: the end of the traceback tells more than its head."""
    where = "".join(traceback.format_exception(error))[-_TRACE_LENGTH:]
    return f"{type(error).__name__}: {error}\n\n{where}"
