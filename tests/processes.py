"""A real Celery worker beside a test, on the test's database and a Redis database of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from portal.outbox import sending

ROOT = Path(__file__).resolve().parents[1]


def redis_url() -> str:
    """The Redis database of this pytest process: workers of parallel runs must not mix."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 8
    return urlunsplit(urlsplit(settings.CELERY_BROKER_URL)._replace(path=f"/{number}"))


def database_url() -> str:
    """The address of the test database that this process is connected to."""
    values = connection.settings_dict
    host = f"{values['HOST']}:{values['PORT']}" if values["PORT"] else values["HOST"]
    return f"postgresql://{quote(values['USER'])}:{quote(values['PASSWORD'])}@{host}/{quote(str(values['NAME']))}"


@contextmanager
def celery_worker(folder: Path, *, concurrency: int = 2) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker of all queues until the block ends; its log is `folder/worker.log`."""
    address = redis_url()
    redis.Redis.from_url(address).flushdb()
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": address,
        "VAR_DIRECTORY": str(folder),
        "FILES_DIRECTORY": str(settings.FILES_ROOT),
        "SITE_URL": settings.SITE_URL,
    }
    former = sending.current_app
    sending._broker.note_success()  # a test before this one had no broker; this one has
    sending.current_app = Celery("sender", broker=address, set_as_current=False)
    command = [
        sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-l", "INFO",
        "-Q", "exchange,documents,mail,default", "--concurrency", str(concurrency),
        "--without-gossip", "--without-mingle", "-n", f"test-{os.getpid()}@%h",
    ]  # fmt: skip
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_until_listening(folder / "worker.log", worker)
            yield worker
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)
            sending.current_app = former


def _wait_until_listening(log: Path, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 40
    while " ready." not in log.read_text(errors="replace"):
        if worker.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the worker did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)


def wait_for(condition: object, seconds: float = 30) -> None:
    """Ask again until the condition holds; fails after the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError(f"did not happen within {seconds:.0f} s")
