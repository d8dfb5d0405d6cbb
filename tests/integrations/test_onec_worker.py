"""The exchange with real transactions: turns of one base, a lost worker, and the simulated 1C end to end."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product, Stock
from integrations.models import ExchangeFile, ExchangeNode
from integrations.onec.client import OneCClient
from integrations.onec.client.conversation import Faults
from integrations.services import imports
from integrations.services.turns import turn_take
from portal.outbox.models import Job
from portal.outbox.runner import run
from pricing.models import Price
from tests.integrations.onec_talk import (
    GOOD,
    OTHER,
    PASSWORD,
    Talk,
    catalog,
    good,
    make_node,
    offer,
    package,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def base(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ExchangeNode:
    settings.EXCHANGE_POLL_SECONDS = 0.5
    monkeypatch.setattr("portal.outbox.sending.send", len)
    return make_node()


@contextmanager
def worker() -> Iterator[None]:
    """Do jobs in a thread of their own until the block ends."""
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                for pk in list(
                    Job.objects.filter(state="queued", attempts=0).order_by("pk").values_list("pk", flat=True)
                ):
                    run(pk)
                time.sleep(0.02)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def folder(path: Path) -> Path:
    path.mkdir()
    goods = [good(f"bd8c4e15-18f9-11e7-80c2-{number:012}", f"Гайка {number}") for number in range(1100)]
    offers = [offer(f"bd8c4e15-18f9-11e7-80c2-{number:012}", name="") for number in range(1100)]
    (path / "import0_1.xml").write_text(catalog(*goods))
    (path / "offers0_1.xml").write_text(package(*offers))
    return path


@pytest.mark.parametrize("dialect", ["ut", "unf"])
@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "zip"])
def test_simulated_1c_uploads_a_folder(
    live_server: LiveServer, base: ExchangeNode, tmp_path: Path, dialect: str, zipped: bool
) -> None:
    onec = OneCClient(
        live_server.url, base.username, PASSWORD, dialect=dialect, poll_pause=0, zip_archive=zipped,
        give_up_after=60,
    )  # type: ignore[arg-type]  # fmt: skip

    with worker():
        report = onec.upload_folder(folder(tmp_path / "out"), order="name")

    assert report.errors == []
    assert [step.remarks for step in report.steps if step.remarks] == []
    assert (Product.objects.count(), Price.objects.count(), Stock.objects.count()) == (1100, 1100, 2200)


def test_simulated_1c_with_a_small_limit_sends_in_portions(
    live_server: LiveServer, base: ExchangeNode, tmp_path: Path, settings: Settings
) -> None:
    settings.EXCHANGE_FILE_LIMIT = 100_000
    onec = OneCClient(live_server.url, base.username, PASSWORD, give_up_after=60)

    with worker():
        report = onec.upload_folder(folder(tmp_path / "out"))

    assert report.ok
    assert len([step for step in report.steps if step.mode == "file"]) > 10
    assert Product.objects.count() == 1100


def test_connection_cut_in_a_post_leaves_nothing_and_the_repeat_succeeds(
    live_server: LiveServer, base: ExchangeNode, tmp_path: Path
) -> None:
    out = folder(tmp_path / "out")
    cut = OneCClient(live_server.url, base.username, PASSWORD, faults=Faults(cut_short=64), give_up_after=60)

    with worker():
        refused = cut.upload_folder(out)
        between = Product.objects.count()
        taken = OneCClient(live_server.url, base.username, PASSWORD, give_up_after=60).upload_folder(out)

    assert not refused.ok
    assert "получено" in refused.errors[0]
    assert between == 0
    assert taken.ok
    assert Product.objects.count() == 1100


def test_portion_sent_twice_is_refused_not_guessed(
    live_server: LiveServer, base: ExchangeNode, tmp_path: Path, settings: Settings
) -> None:
    settings.EXCHANGE_FILE_LIMIT = 100_000
    twice = OneCClient(
        live_server.url, base.username, PASSWORD, faults=Faults(repeat_chunk=1), give_up_after=60
    )

    with worker():
        report = twice.upload_folder(folder(tmp_path / "out"))

    assert not report.ok
    assert "обрезан или повреждён" in report.errors[0]
    assert Product.objects.count() == 0


def test_wrong_password_stops_1c_at_once(live_server: LiveServer, base: ExchangeNode, tmp_path: Path) -> None:
    report = OneCClient(live_server.url, base.username, "нет").upload_folder(folder(tmp_path / "out"))

    assert report.stopped == "Проверка подключения не прошла, обмен не начат"
    assert "Неверное имя пользователя или пароль обмена" in report.errors[0]


def test_second_file_of_a_base_waits_for_the_first(
    client: Client, base: ExchangeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_BUSY_PAUSE", 0.01)
    monkeypatch.setattr(imports, "_BUSY_LIMIT", 0.1)
    first, second = Talk(client, base).start(), Talk(client, make_node("erp")).start()
    first.post("import0_1.xml", catalog(good()).encode())
    second.post("import0_1.xml", catalog(good(OTHER)).encode())
    for talk in (first, second):
        talk.get("import", filename="import0_1.xml")
    held = threading.Event()
    release = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            turn_take(base.pk)
            held.set()
            release.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    with worker():
        answers = [talk.get("import", filename="import0_1.xml") for talk in (first, second)]
    release.set()
    holder.join()

    assert answers[0] == "failure\nimport0_1.xml: другая загрузка этой базы идёт слишком долго"
    assert answers[1].startswith("success")
    assert list(Product.objects.values_list("article", flat=True)) == ["B-8-40"]


def test_worker_that_died_in_the_middle_leaves_nothing_and_the_next_one_finishes(
    client: Client, base: ExchangeNode, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.EXCHANGE_POLL_SECONDS = 0.0
    talk = Talk(client, base).start()
    body = catalog(*(good(f"bd8c4e15-18f9-11e7-80c2-{number:012}", "Гайка") for number in range(1100)))
    talk.post("import0_1.xml", body.encode())
    talk.get("import", filename="import0_1.xml")
    job = Job.objects.get()
    real = imports.file_done

    def lose_everything(**told: object) -> None:
        real(**told)  # type: ignore[arg-type]
        Job.objects.filter(pk=job.pk).update(attempts=2)  # as if another worker had taken the job over

    monkeypatch.setattr(imports, "file_done", lose_everything)
    run(job.pk)
    half = (Product.objects.count(), ExchangeFile.objects.get().state)
    monkeypatch.setattr(imports, "file_done", real)
    Job.objects.update(state="queued", lease_until=None)
    run(job.pk)

    assert half == (0, "importing")
    assert talk.get("import", filename="import0_1.xml").startswith("success")
    assert Product.objects.count() == 1100


def test_poll_tells_how_far_the_load_is(client: Client, base: ExchangeNode, settings: Settings) -> None:
    settings.EXCHANGE_POLL_SECONDS = 0.0
    talk = Talk(client, base).start()
    talk.post("import0_1.xml", catalog(good()).encode())
    talk.get("import", filename="import0_1.xml")
    Job.objects.update(state="running", lease_until="2099-01-01T00:00Z", progress="Загружено товаров: 500")

    assert talk.get("import", filename="import0_1.xml") == "progress\nimport0_1.xml: Загружено товаров: 500"


def test_poll_waits_for_the_end_instead_of_storming(client: Client, base: ExchangeNode) -> None:
    talk = Talk(client, base).start()
    talk.post("import0_1.xml", catalog(good(GOOD)).encode())
    began = time.monotonic()

    slow = talk.get("import", filename="import0_1.xml")
    waited = time.monotonic() - began
    with worker():
        answer = talk.get("import", filename="import0_1.xml")

    assert slow == "progress\nimport0_1.xml: ждёт очереди"
    assert waited >= 0.5
    assert answer.startswith("success")


def test_job_given_up_is_a_failure_in_words(client: Client, base: ExchangeNode, settings: Settings) -> None:
    settings.EXCHANGE_POLL_SECONDS = 0.0
    talk = Talk(client, base).start()
    talk.post("import0_1.xml", catalog(good()).encode())
    talk.get("import", filename="import0_1.xml")
    Job.objects.update(state="dead", finished_at="2026-11-20T10:00Z")

    assert talk.get("import", filename="import0_1.xml") == (
        "failure\nimport0_1.xml: загрузка не удалась, сообщите администратору портала"
    )
