"""Events and handlers of an imaginary shop, and small tools to see what jobs did."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models.functions import Now

from portal.outbox import Event, JobContext, JobRefused, PeriodStart, enqueue, job, publish, subscribe
from portal.outbox.models import Job

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class CrateArrived(Event):
    crate_id: int


@dataclass(frozen=True, slots=True)
class CrateOpened(Event):
    """Has its effect once for each crate."""

    crate_id: int

    @property
    def key(self) -> str:
        return f"crate:{self.crate_id}"


@dataclass(frozen=True, slots=True)
class NobodyCares(Event):
    crate_id: int


@dataclass(frozen=True, slots=True)
class Count:
    crates: int


calls: list[tuple[str, int]] = []
during: list[Callable[[JobContext], None]] = []  # what a test wants to happen while a handler works


@subscribe(CrateArrived, queue="documents")
def print_label(event: CrateArrived) -> None:
    calls.append(("label", event.crate_id))


@subscribe(CrateArrived, queue="mail")
def tell_buyer(event: CrateArrived) -> None:
    calls.append(("mail", event.crate_id))


@subscribe(CrateOpened)
def unpack(event: CrateOpened, running: JobContext) -> None:
    """Leaves a trace in the database before anything else happens."""
    enqueue(count_crates, Count(crates=event.crate_id), key=f"effect:{event.crate_id}:{running.attempts}")
    for happening in during:
        happening(running)


@job(queue="exchange", atomic=False)
def count_crates(payload: Count, running: JobContext) -> None:
    for happening in during:
        happening(running)
    with running.finish():
        publish(CrateArrived(crate_id=payload.crates))


@job(atomic=False)
def look_around(payload: Count) -> None:
    calls.append(("look", payload.crates))


@job()
def close_the_books(payload: PeriodStart) -> None:
    calls.append(("books", payload.start.day))


def refuse(running: JobContext) -> None:
    raise JobRefused("Ящика нет и не будет")


def stumble(running: JobContext) -> None:
    raise OSError("лента кончилась")


def opened(crate_id: int = 1) -> Job:
    """Publish the opening of a crate and return its job."""
    with transaction.atomic():
        publish(CrateOpened(crate_id=crate_id))
    return Job.objects.get(key=f"crate:{crate_id}")


def expire(pk: int) -> None:
    """Let the lease of a running job run out."""
    Job.objects.filter(pk=pk).update(lease_until=Now() - timedelta(seconds=1))


def enqueue_now(*, crates: int) -> int:
    """Commit a long job."""
    with transaction.atomic():
        return enqueue(count_crates, Count(crates=crates), key=f"count:{crates}")


def elsewhere(call: Callable[[], Result]) -> Result:
    """Do something in another thread with a database connection of its own."""
    (result,) = side_by_side([call])
    return result


def side_by_side(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do several things at the same time, each with a database connection of its own."""

    def and_close(call: Callable[[], Result]) -> Result:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return [future.result(timeout=20) for future in [pool.submit(and_close, call) for call in calls]]


def wait_until(happened: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for something that another thread or process does. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen")
        time.sleep(0.05)


def pause(seconds: float) -> None:
    time.sleep(seconds)
