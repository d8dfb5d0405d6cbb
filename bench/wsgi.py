"""The portal with its own measurements in the answers' headers: gunicorn bench.wsgi:application."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from portal.wsgi import application as portal

Start = Callable[..., Any]


class _Queries:
    """Counts statements of one request."""

    def __init__(self) -> None:
        self.number = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - started


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Tell how long the page took here, of that in the database, how many queries, and in which process."""
    queries = _Queries()
    started, worked = time.perf_counter(), time.thread_time()

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        measured = {
            "X-Bench-Queries": queries.number,
            "X-Bench-Database": f"{queries.seconds * 1000:.3f}",
            "X-Bench-Server": f"{(time.perf_counter() - started) * 1000:.3f}",
            "X-Bench-Processor": f"{(time.thread_time() - worked) * 1000:.3f}",
            "X-Bench-Process": os.getpid(),
        }
        return start_response(
            status, [*headers, *((name, str(told)) for name, told in measured.items())], *rest
        )

    with connection.execute_wrapper(queries):
        return portal(environ, start)
