"""Loaded by the worker of test_outbox_worker.py: a job that is interrupted in the middle of its work."""

import os
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from portal.outbox import JobContext, enqueue, job

QUEUE = "test-victims"


@dataclass(frozen=True, slots=True)
class Errand:
    diary: str


@job(queue=QUEUE)
def leave_a_trace(payload: Errand) -> None:
    """Never runs: its row is the trace that an errand leaves in the database."""


@job(queue=QUEUE)
def run_errand(payload: Errand, running: JobContext) -> None:
    """Write the effect, tell the own process id, and in the first attempt wait for the end."""
    key = f"{running.key}:{running.attempts}"
    enqueue(leave_a_trace, payload, key=key, delay=timedelta(hours=1))
    with Path(payload.diary).open("a") as diary:
        diary.write(f"{os.getpid()}\n")
    if running.attempts == 1:
        time.sleep(60)
