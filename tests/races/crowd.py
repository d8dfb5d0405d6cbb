"""Many threads that start at the same moment, each with a database connection of its own."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection, connections

Result = TypeVar("Result")


def crowd(acts: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Run all acts at once and return what each gave or raised, in their order."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result | Exception:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            return act()
        except Exception as error:  # the caller looks at all outcomes together
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


def crowds(acts: Sequence[Callable[[], Result]], *, processes: int) -> list[Result | Exception]:
    """The same with the acts dealt out to processes, as threads of one take turns; in no order.

    What an act gives or raises has to be picklable.
    """
    context = multiprocessing.get_context("fork")
    start, told = context.Barrier(processes), context.Queue()

    def one_process(place: int) -> None:
        connections.close_all()
        start.wait(timeout=60)
        told.put(crowd(acts[place::processes]))
        connections.close_all()

    connections.close_all()  # a child must not speak on its parent's connection
    crew = [context.Process(target=one_process, args=(place,)) for place in range(processes)]
    for process in crew:
        process.start()
    outcomes = [outcome for _process in crew for outcome in told.get(timeout=1800)]
    for process in crew:
        process.join(timeout=60)
    return outcomes


class Waits:
    """How long statements that lock rows took: what a call waited for others."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            if " FOR UPDATE" in sql or " FOR NO KEY UPDATE" in sql:
                self.seconds += time.monotonic() - began


def spread(title: str, times: Sequence[float]) -> str:
    """Seconds in one line."""
    ranked = sorted(times)
    middle, high = ranked[len(ranked) // 2], ranked[len(ranked) * 95 // 100]
    return f"{title}: p50 {middle:.2f} s, p95 {high:.2f} s, max {ranked[-1]:.2f} s"
