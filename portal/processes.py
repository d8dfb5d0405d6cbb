"""The portal's processes under one foreground command: `python -m portal.processes --port 8000`.

Starts web (gunicorn), worker (Celery), beat and index, joins their logs line by line with names, and ends
all of them on Ctrl-C, on SIGTERM or when one of them dies. In containers each runs by itself:
docker-compose.yml.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

ROOT = Path(__file__).resolve().parent.parent
QUEUES = "exchange,documents,mail,default"
GRACE_SECONDS = 12  # what is cut off then is done again: the database remembers every job
NAME_WIDTH = 6
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(slots=True)
class Child:
    """One process of the group; `passing` ones may end with code 0 while the others go on."""

    name: str
    process: subprocess.Popen[str]
    reader: threading.Thread
    passing: bool

    @property
    def code(self) -> int | None:
        """Return the exit code as a shell counts it (128 + n after signal n), None while it runs."""
        code = self.process.poll()
        return 128 - code if code is not None and code < 0 else code


class ProcessGroup:
    """Processes that live and end together."""

    def __init__(self, environment: Mapping[str, str], out: IO[str]) -> None:
        self._environment = {**environment, "PYTHONUNBUFFERED": "1"}
        self._out = out
        self._children: list[Child] = []
        self._asked_at: float | None = None
        self._hurry = False

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays in force
                signal.signal(number, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        passing: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> Child:
        """Start a process in a session of its own: Ctrl-C reaches it through us only, and so once."""
        process = subprocess.Popen(  # noqa: S603 - own commands, no shell
            command,
            cwd=ROOT,
            env={**self._environment, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - nothing but one system call
        )
        reader = threading.Thread(target=self._copy, args=(name, process.stdout, passing), daemon=True)
        child = Child(name, process, reader, passing)
        self._children.append(child)
        reader.start()
        return child

    def wait(self, until: Callable[[], bool] = lambda: False, *, pause: float = 0.05) -> int | None:
        """Wait for the condition, asked every `pause` seconds, and return None; or the code to end with.

        That is 0 when we were asked to stop, else the code of the process that ended unasked.
        """
        while self._asked_at is None:
            for child in self._children:
                if child.code is not None and not (child.passing and child.code == 0):
                    self.say(f"{child.name} ended with code {child.code}")
                    return child.code
            if until():
                return None
            time.sleep(pause)
        return 0

    def stop(self) -> None:
        """Ask every process to end, wait, then kill what is left with all its descendants."""
        running = [child for child in self._children if child.code is None]
        for child in running:
            with suppress(ProcessLookupError):
                child.process.terminate()
        if running and self._asked_at is not None:
            self.say("stopping; once more, and at once")
        deadline = time.monotonic() + GRACE_SECONDS
        while (
            any(child.code is None for child in running) and time.monotonic() < deadline and not self._hurry
        ):
            time.sleep(0.05)
        for child in self._children:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
            child.reader.join(timeout=2)
        if running:
            self.say("all processes ended")

    def say(self, text: str) -> None:
        """Write a line of our own among those of the processes."""
        self._write(f"{'portal':<{NAME_WIDTH}} | {text}\n")

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        elif time.monotonic() - self._asked_at > 1:  # closer ones are one request heard twice
            self._hurry = True

    def _copy(self, name: str, lines: IO[str] | None, passing: bool) -> None:
        """Copy a process's output; what passes by speaks to the developer and goes without a prefix."""
        for line in lines or ():
            if not (line.strip() or passing):
                continue
            self._write(line if passing else f"{name:<{NAME_WIDTH}} | {line}")

    def _write(self, line: str) -> None:
        with suppress(OSError):  # the terminal is gone: ending properly matters more
            self._out.write(line)
            self._out.flush()


def _die_with_parent() -> None:
    """Have the kernel end this process when its parent is killed without a chance to clean up."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start_web(group: ProcessGroup, *, host: str, port: int) -> None:
    """Start gunicorn; the application is loaded once, before it forks, the index in each process."""
    web = f"gunicorn portal.wsgi:application --bind {host}:{port} --workers 2 --threads 4 --timeout 60"
    web += " --graceful-timeout 10 --max-requests 2000 --max-requests-jitter 200 --log-level warning"
    web += " --config python:portal.web_process"
    group.start("web", [sys.executable, "-m", *web.split()])


def start_background(group: ProcessGroup) -> None:
    """Start worker, beat and the indexer of the catalogue, which need a migrated database."""
    python = [sys.executable, "-m"]
    worker = f"celery -A portal.celery worker -Q {QUEUES} --concurrency 2 --loglevel warning"
    worker += " --without-gossip --without-mingle"
    beat = (
        "celery -A portal.celery beat -S django_celery_beat.schedulers:DatabaseScheduler --loglevel warning"
    )
    # Soft shutdown; and no words about root, who is expected on a machine of one's own.
    for_worker = {"REMAP_SIGTERM": "SIGQUIT", "PYTHONWARNINGS": "ignore:You're running the worker"}
    group.start("worker", [*python, *worker.split()], variables=for_worker)
    group.start("beat", [*python, *beat.split(), "--pidfile="])
    group.start("index", [sys.executable, "manage.py", "catalog_index"])


def main(arguments: list[str]) -> int:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m portal.processes", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    with ProcessGroup(os.environ, sys.stdout) as group:
        start_web(group, host=chosen.host, port=chosen.port)
        start_background(group)
        group.say(f"http://{chosen.host}:{chosen.port}")
        return group.wait() or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
