"""What every benchmark shares: results, their table, their file, and a portal of its own to measure."""

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psutil
import psycopg

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "var" / "bench"


@dataclass(slots=True)
class Result:
    """One figure. `ok` is None where there is no limit; `ratio` compares with a bare limit of this run."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    ok: bool | None = None
    ratio_to: str | None = None
    ratio: float | None = None


@dataclass(slots=True)
class Results:
    """The figures of one target, told as they come."""

    target: str
    rows: list[Result] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
        ratio_to: tuple[str, float] | None = None,
    ) -> None:
        """Keep a figure; a limit that is missed is told, not hidden, and fails nothing."""
        limit = at_most if at_most is not None else at_least
        ok = None
        if at_most is not None:
            ok = value <= at_most
        elif at_least is not None:
            ok = value >= at_least
        row = Result(name, value, unit, limit, ok)
        if ratio_to is not None:
            row.ratio_to, row.ratio = ratio_to[0], value / ratio_to[1]
        self.rows.append(row)
        print(_line(row), flush=True)

    def save(self) -> Path:
        """Print the table and write it as JSON; returns the file."""
        OUTPUT.mkdir(parents=True, exist_ok=True)
        path = OUTPUT / f"{self.target}.json"
        path.write_text(json.dumps([asdict(row) for row in self.rows], ensure_ascii=False, indent=1))
        print(f"\n{self.target}")
        for row in self.rows:
            print(_line(row))
        print(f"written to {path.relative_to(ROOT)}")
        return path


def _line(row: Result) -> str:
    verdict = {None: "", True: "ok", False: "MISSED"}[row.ok]
    limit = f"limit {row.limit:g}" if row.limit is not None else ""
    ratio = f"× {row.ratio:.2f} of {row.ratio_to}" if row.ratio is not None else ""
    return f"  {row.name:<58} {row.value:>12,.2f} {row.unit:<10} {limit:<12} {verdict:<7} {ratio}".rstrip()


def percentile(values: list[float], share: float) -> float:
    """The value below which the share (0-1) of the values lies; nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """A database of its own beside the portal's, dropped afterwards; yields its address."""
    address = os.environ["DATABASE_URL"]
    parts = urlsplit(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass(slots=True)
class Portal:
    """A running portal: its address, its processes' root, the environment that it runs in."""

    url: str
    process: psutil.Process
    environment: dict[str, str]

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True)


@contextmanager
def running_portal(name: str) -> Iterator[Portal]:
    """Start web, worker and beat on an empty scratch database; everything is gone afterwards."""
    port = free_port()
    redis = urlsplit(os.environ["REDIS_URL"])
    with scratch_database(f"bench_{name}") as database_url:
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": urlunsplit(redis._replace(path="/5")),
            "CACHE_URL": urlunsplit(redis._replace(path="/6")),
            "ENVIRONMENT": "demo",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "VAR_DIRECTORY": str(OUTPUT / name),
            "SITE_URL": f"http://127.0.0.1:{port}",
        }
        run = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(run, cwd=ROOT, env=environment, check=True)
        with (OUTPUT / f"{name}.log").open("w") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "portal.processes", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                portal = Portal(f"http://127.0.0.1:{port}", psutil.Process(child.pid), environment)
                wait_until_ready(portal.url)
                yield portal
            finally:
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(40)
                except subprocess.TimeoutExpired:
                    os.killpg(child.pid, signal.SIGKILL)


def wait_until_ready(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise TimeoutError(f"the portal at {url} did not become ready in {seconds:.0f} s")


class WorkerMemory:
    """Watches the Celery workers below a process and remembers the highest memory of one, in MB."""

    def __init__(self, root: psutil.Process) -> None:
        self.peak_mb = 0.0
        self._root = root
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "WorkerMemory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            for process in self._root.children(recursive=True):
                try:
                    if "worker" in process.cmdline():
                        self.peak_mb = max(self.peak_mb, process.memory_info().rss / 1e6)
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue


def signed_in(url: str, email: str, password: str) -> httpx.Client:
    """A browser-like client with a session."""
    client = httpx.Client(base_url=url, follow_redirects=True, timeout=30)
    client.get("/accounts/login/")
    answer = client.post(
        "/accounts/login/",
        data={"login": email, "password": password, "csrfmiddlewaretoken": client.cookies["csrftoken"]},
        headers={"Referer": f"{url}/accounts/login/"},
    )
    if answer.status_code != 200 or "/accounts/login/" in str(answer.url):
        raise PermissionError(f"{email} could not sign in: {answer.status_code} at {answer.url}")
    return client


def _got(client: httpx.Client, path: str) -> httpx.Response:
    """Ask; once more where the server was just closing a connection that had been idle, as browsers do."""
    try:
        return client.get(path)
    except (httpx.ReadError, httpx.RemoteProtocolError):
        return client.get(path)


def in_parallel(clients: list[httpx.Client], paths: list[str], rounds: int) -> list[float]:
    """Each client asks for the paths in turn, all clients at once; milliseconds of every answer."""
    return [spent for spent, _ in answers_in_parallel(clients, paths, rounds)]


def answers_in_parallel(
    clients: list[httpx.Client], paths: list[str], rounds: int, *, pause: float = 0.0
) -> list[tuple[float, httpx.Response]]:
    """The same, with the answers themselves; each client pauses for so many seconds between two."""
    found: list[tuple[float, httpx.Response]] = []

    def walk(client: httpx.Client, shift: int) -> None:
        for step in range(rounds):
            path = paths[(step * len(clients) + shift) % len(paths)]
            started = time.perf_counter()
            answer = _got(client, path)
            spent = (time.perf_counter() - started) * 1000
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:300]}")
            found.append((spent, answer))
            if pause:
                time.sleep(pause * (0.5 + random.random()))

    threads = [threading.Thread(target=walk, args=(client, index)) for index, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(found) != rounds * len(clients):
        raise RuntimeError("some requests failed: see above")
    return found
