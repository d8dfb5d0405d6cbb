"""A real worker whose child is killed in the middle of a job."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.db import transaction

from portal.outbox import enqueue, sending
from portal.outbox.models import Job
from portal.outbox.services import jobs_sweep
from tests.portal.outbox_samples import wait_until
from tests.portal.worker_handlers import QUEUE, Errand, run_errand
from tests.processes import database_url

ROOT = Path(__file__).resolve().parents[2]
REDIS_DATABASE = 6  # other tests with workers empty theirs


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty Redis database, which this process sends to as well."""
    address = urlunsplit(urlsplit(settings.CELERY_BROKER_URL)._replace(path=f"/{REDIS_DATABASE}"))
    with redis.Redis.from_url(address) as connection:
        connection.flushdb()
    monkeypatch.setattr(sending, "current_app", Celery("sender", broker=address, set_as_current=False))
    return address


@pytest.fixture
def worker(broker: str, tmp_path: Path) -> Iterator[Path]:
    """A worker with one child; gives its log."""
    log = tmp_path / "worker.log"
    command = [
        sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-I", "tests.portal.worker_handlers",
        "-Q", QUEUE, "--concurrency", "1", "-l", "INFO", "--without-gossip", "--without-mingle",
        "-n", f"victim-{os.getpid()}@%h",
    ]  # fmt: skip
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.portal.worker_settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker,
        "PYTHONPATH": str(ROOT),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            wait_until(lambda: " ready." in log.read_text(errors="replace"), seconds=20)
            yield log
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_job_of_a_killed_worker_is_done_exactly_once(worker: Path, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    with transaction.atomic():
        pk = enqueue(run_errand, Errand(diary=str(diary)), key="errand")
    wait_until(diary.is_file, seconds=60)
    wait_until(lambda: diary.read_text().endswith("\n"))

    os.kill(int(diary.read_text()), signal.SIGKILL)

    def is_done() -> bool:
        jobs_sweep()
        return Job.objects.filter(pk=pk, state="done").exists()

    wait_until(is_done, seconds=60)
    first, second = diary.read_text().split()
    job = Job.objects.get(pk=pk)
    traces = Job.objects.exclude(pk=pk).values_list("key", flat=True)
    assert first != second
    assert (job.attempts, list(traces)) == (2, ["errand:2"])
