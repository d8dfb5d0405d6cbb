"""The web processes and the indexer of a portal on a large catalogue."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

import httpx
import psutil

from bench.harness import OUTPUT, ROOT, answers_in_parallel, free_port, signed_in, wait_until_ready
from bench.large import LargeCatalogue
from bench.large.clients import BUYERS, PASSWORD, email_of
from bench.large.sections import MEASURED

_libc, _PR_SET_PDEATHSIG = ctypes.CDLL(None), 1
WEB = "gunicorn bench.wsgi:application --workers 2 --threads 4 --timeout 60 --log-level warning"
WEB += " --config python:portal.web_process --keep-alive 60"
LINE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Page:
    """What an answer tells of itself; times in milliseconds."""

    wall: float
    server: float
    processor: float
    database: float
    queries: int
    process: int
    size: int

    @classmethod
    def of(cls, wall: float, answer: httpx.Response) -> "Page":
        told = answer.headers
        return cls(
            wall=wall,
            server=float(told["X-Bench-Server"]),
            processor=float(told["X-Bench-Processor"]),
            database=float(told["X-Bench-Database"]),
            queries=int(told["X-Bench-Queries"]),
            process=int(told["X-Bench-Process"]),
            size=len(answer.content),
        )


class Serving:
    """Two web processes as `portal.processes` starts them, and the one that keeps the index."""

    def __init__(self, catalogue: LargeCatalogue) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = catalogue.environment | {"SITE_URL": self.url}
        self._children: list[subprocess.Popen[bytes]] = []

    def start_web(self) -> None:
        self.web = self._start("web", "-m", *WEB.split(), "--bind", f"127.0.0.1:{self.port}")

    def start_indexer(self) -> None:
        self._start("index", "manage.py", "catalog_index")

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return psutil.Process(self.web.pid).children()

    def end(self, child: subprocess.Popen[bytes]) -> None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self._children.remove(child)

    def end_all(self) -> None:
        for child in list(self._children):
            self.end(child)

    @cached_property
    def buyers(self) -> list[httpx.Client]:
        """Four clients' people, signed in; their sessions outlive the web processes."""
        return [signed_in(self.url, email_of(client), PASSWORD) for client in range(1, BUYERS + 1)]

    def more(self, number: int) -> list[httpx.Client]:
        """Further connections of the same people."""
        return [
            httpx.Client(base_url=self.url, cookies=self.buyers[place % BUYERS].cookies, timeout=30)
            for place in range(number)
        ]

    @staticmethod
    def encoded(**words: str) -> str:
        return urlencode(words)

    @cached_property
    def lines(self) -> dict[int, httpx.Client]:
        """The first person's connection to each web process; open them while nothing else is asked.

        New connections go to whichever process is idle: a busy one might not be met for a minute.
        """
        found: dict[int, httpx.Client] = {}
        deadline = time.monotonic() + LINE_SECONDS
        while len(found) < len(self.workers):
            if time.monotonic() > deadline:
                raise TimeoutError(f"new connections go to {len(found)} web processes only")
            client = httpx.Client(
                base_url=self.url, cookies=self.buyers[0].cookies, timeout=30,
                limits=httpx.Limits(keepalive_expiry=None),
            )  # fmt: skip
            process = Page.of(0, client.get("/healthz")).process
            if found.setdefault(process, client) is not client:
                client.close()
        return found

    def look(self, look: str) -> None:
        """Have every person choose how lists look and how long they are; remembered for each section."""
        for client in self.buyers:
            for section in MEASURED.values():
                client.get(f"/catalog/{section}/?{look}").raise_for_status()

    def pages(
        self, clients: list[httpx.Client], paths: list[str], rounds: int, *, pause: float = 0.0
    ) -> list[Page]:
        """Ask for the paths in turn, all clients at once; each pauses for so many seconds between two."""
        return [Page.of(*found) for found in answers_in_parallel(clients, paths, rounds, pause=pause)]

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (OUTPUT / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call
            )
        self._children.append(child)
        return child


def _die_with_parent() -> None:
    """Have the kernel end the process when the benchmark is killed without a chance to clean up."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def serving(catalogue: LargeCatalogue) -> Iterator[Serving]:
    """Web processes and the indexer, ready to answer."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    served = Serving(catalogue)
    try:
        served.start_web()
        served.start_indexer()
        wait_until_ready(served.url)
        yield served
    finally:
        served.end_all()
