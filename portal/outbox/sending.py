"""Telling the workers about jobs: only to be quick, never to be certain."""

import time
from collections.abc import Sequence

import structlog
from celery import current_app
from kombu import pools

RUN_TASK = "outbox.run_job"
_SILENCE_SECONDS = 10.0
# A worker may wait for its broker; a request may not. The library would try for some seconds more.
_IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
}

log = structlog.get_logger()


class _Broker:
    """Remembers for a moment that the broker did not answer, so that only one request waits for it."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def is_silent(self) -> bool:
        return time.monotonic() < self._silent_until

    def note_failure(self) -> None:
        self._silent_until = time.monotonic() + _SILENCE_SECONDS

    def note_success(self) -> None:
        self._silent_until = 0.0


_broker = _Broker()


def send(jobs: Sequence[tuple[int, str]]) -> int:
    """Send (job id, queue) pairs to the workers; return how many the broker took.

    Never raises and never retries: a job that is not sent now is sent by the sweeper.
    """
    if not jobs or _broker.is_silent():
        return 0
    sent = 0
    try:
        connection = current_app.connection_for_write(transport_options=_IMPATIENT)
        with pools.producers[connection].acquire(block=True, timeout=1) as producer:
            for pk, queue in jobs:
                current_app.send_task(
                    RUN_TASK, args=(pk,), queue=queue, producer=producer, retry=False, ignore_result=True
                )
                sent += 1
    except Exception as error:  # whatever ails the broker, the caller's work is committed
        _broker.note_failure()
        log.warning("broker_away", error=str(error), unsent=len(jobs) - sent)
        return sent
    _broker.note_success()
    return sent
