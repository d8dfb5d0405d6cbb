"""Telling the workers about jobs: only to be quick, never to be certain."""

import time
from collections.abc import Sequence

import structlog
from celery import current_app

RUN_TASK = "outbox.run_job"
_SILENCE_SECONDS = 10.0

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
    if _broker.is_silent():
        return 0
    for sent, (pk, queue) in enumerate(jobs):
        try:
            current_app.send_task(RUN_TASK, args=(pk,), queue=queue, retry=False, ignore_result=True)
        except Exception as error:
            _broker.note_failure()
            log.warning("broker_away", error=str(error), unsent=len(jobs) - sent)
            return sent
    _broker.note_success()
    return len(jobs)
