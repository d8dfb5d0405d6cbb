"""A portal on servers of its own whose parts are killed and started again, as a supervisor would."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from portal.embedded import control
from portal.embedded.host import free_port
from portal.embedded.postgresql import PostgreSQL
from portal.embedded.redis import Redis
from portal.processes import QUEUES

ROOT = Path(__file__).resolve().parents[2]
State = dict[str, list[tuple[object, ...]]]
VICTIMS = ("worker", "worker child", "redis", "postgresql", "web")
_SETTINGS = "tests.sweep.crash_settings"


class CrashingSite:
    """Web, worker and beat over PostgreSQL and Redis in a folder; whatever dies is started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._services = folder, folder / "services"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        found = control.start(self._services, keep=True, environment={})
        self.database_url = found.database_url
        self._environment = os.environ | control.addresses(found)
        self._environment |= {
            "DJANGO_SETTINGS_MODULE": _SETTINGS,
            "ENVIRONMENT": "demo",
            "SECRET_KEY": "crashes-only-secret-never-used-anywhere-else-at-all",
            "VAR_DIRECTORY": str(self._folder / "var"),
            "SITE_URL": self.url,
        }
        self._environment.pop("CACHE_URL", None)
        self.manage("migrate", "-v0")
        for name in self._commands():
            self._start(name)
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self._supervisor.start()

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self._environment, check=True)

    def end(self) -> None:
        self._ended.set()
        if hasattr(self, "_supervisor"):
            self._supervisor.join(30)
        for child in self._children.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait(10)
        control.stop(self._services)

    def kill(self, chance: random.Random) -> str:
        """Kill -9 one part; returns which."""
        victim = chance.choice(VICTIMS)
        if victim in ("redis", "postgresql"):
            server = (Redis if victim == "redis" else PostgreSQL)(self._services)
            pid = server.pid()
        elif victim == "worker child":
            children = psutil.Process(self._children["worker"].pid).children()
            pid = chance.choice(children).pid if children else None
        else:
            pid = self._children[victim].pid
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return victim

    def _commands(self) -> dict[str, list[str]]:
        python = [sys.executable, "-m"]
        web = f"gunicorn portal.wsgi:application --bind 127.0.0.1:{self.port} --workers 1 --threads 4"
        worker = f"celery -A portal.celery worker -Q {QUEUES} --concurrency 2 --loglevel warning"
        beat = "celery -A portal.celery beat -S django_celery_beat.schedulers:DatabaseScheduler"
        return {
            "web": [*python, *web.split()],
            "worker": [*python, *worker.split(), "--without-gossip", "--without-mingle"],
            "beat": [*python, *beat.split(), "--pidfile=", "--loglevel", "warning"],
        }

    def _start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                self._commands()[name], cwd=ROOT, env=self._environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _supervise(self) -> None:
        while not self._ended.wait(0.2):
            with suppress(Exception):
                control.start(self._services, keep=True, environment={})
            for name, child in list(self._children.items()):
                if child.poll() is not None and not self._ended.is_set():
                    with suppress(ProcessLookupError):
                        os.killpg(child.pid, signal.SIGKILL)  # what the killed one has left behind
                    self._start(name)


@contextmanager
def crashing_site(folder: Path) -> Iterator[CrashingSite]:
    folder.mkdir(parents=True, exist_ok=True)
    site = CrashingSite(folder)
    try:
        site.start()
        yield site
    finally:
        site.end()


@contextmanager
def killings(site: CrashingSite, count: int, seed: int, pause: float) -> Iterator[list[str]]:
    """Kill `count` times, each at a random moment about `pause` seconds after the one before."""
    chance, killed, ended = random.Random(seed), [], threading.Event()

    def kill() -> None:
        for _ in range(count):
            if ended.wait(pause * (0.3 + 1.4 * chance.random())):
                return
            killed.append(site.kill(chance))

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        ended.set()
        thread.join()


def told_by(database_url: str, queries: dict[str, str], seconds: float = 60) -> State:
    """Rows of each query, ordered."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(database_url) as connection:
                return {name: connection.execute(query).fetchall() for name, query in queries.items()}
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
