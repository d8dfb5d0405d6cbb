"""A broker that is away or frozen delays jobs and hurts nobody."""

import socket
import time
from types import SimpleNamespace
from typing import Any

import celery as celery_library
import pytest
from django.db import transaction
from kombu import Connection

from portal.outbox import publish, sending
from portal.outbox.models import Job
from tests.portal.outbox_samples import CrateOpened


class Celery:
    """Stands for the Celery application with a broker in memory; may be broken and mended."""

    def __init__(self) -> None:
        self.is_broken = False
        self.taken: list[tuple[Any, ...]] = []
        self.asked = 0

    def connection_for_write(self, **options: Any) -> Connection:
        return Connection("memory://")

    def send_task(self, name: str, *, args: tuple[int, ...], queue: str, **options: Any) -> None:
        self.asked += 1
        if self.is_broken:
            raise ConnectionError("Redis is away")
        self.taken.append((name, args, queue))


@pytest.fixture
def celery(monkeypatch: pytest.MonkeyPatch) -> Celery:
    stand_in = Celery()
    monkeypatch.setattr(sending, "current_app", stand_in)
    monkeypatch.setattr(sending, "_broker", sending._Broker())
    return stand_in


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_send_names_task_and_queue(celery: Celery) -> None:
    assert sending.send([(1, "mail"), (2, "documents")]) == 2

    assert celery.taken == [("outbox.run_job", (1,), "mail"), ("outbox.run_job", (2,), "documents")]


def test_send_to_a_broken_broker_asks_once_and_goes_on(celery: Celery, clock: list[float]) -> None:
    celery.is_broken = True

    assert sending.send([(1, "mail"), (2, "mail")]) == 0
    assert sending.send([(3, "mail")]) == 0

    assert celery.asked == 1


def test_send_tries_a_broken_broker_again_after_a_while(celery: Celery, clock: list[float]) -> None:
    celery.is_broken = True
    sending.send([(1, "mail")])
    celery.is_broken = False

    clock[0] += 10.0

    assert sending.send([(2, "mail")]) == 1


def test_send_to_a_frozen_redis_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the connection and then says nothing, as a stopped process does."""
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        address = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
        application = celery_library.Celery("frozen", broker=address, set_as_current=False)
        monkeypatch.setattr(sending, "current_app", application)
        monkeypatch.setattr(sending, "_broker", sending._Broker())
        began = time.monotonic()

        sent = sending.send([(1, "mail")])

        assert sent == 0
        assert time.monotonic() - began < 4


@pytest.mark.django_db(transaction=True)
def test_commit_succeeds_without_a_broker(celery: Celery) -> None:
    celery.is_broken = True

    with transaction.atomic():
        publish(CrateOpened(crate_id=1))

    assert celery.asked == 1
    assert Job.objects.get().state == "queued"
