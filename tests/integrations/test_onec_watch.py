"""Files that nobody asks to load, and sessions that stand in the way."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from integrations.models import ExchangeFile, ExchangeNode, ExchangeSession, FileState
from integrations.onec.folder import SessionFolder
from integrations.services import imports
from integrations.services.watching import exchange_watch
from portal.outbox.models import Job
from pricing.models import Price
from tests.factories import make_user
from tests.integrations.erp_files import message, order
from tests.integrations.onec_talk import OTHER, Talk, catalog, good, make_node, offer, package, run_jobs

pytestmark = pytest.mark.django_db


def watch(minutes: float = 2.1) -> int:
    """Look after what was sent, so many minutes later; return the files started."""
    started, _runs = exchange_watch(at=timezone.now() + timedelta(minutes=minutes))
    run_jobs()
    return started


def test_files_that_1c_never_asks_for_are_loaded_after_two_minutes(talk: Talk) -> None:
    talk.post("offers0_1.xml", package(offer()).encode())
    talk.post("import0_1.xml", catalog(good()).encode())
    talk.post("import_files/1.jpg", b"x")

    early = watch(1.9)
    started = watch()
    answers = [talk.get("import", filename=name) for name in ("import0_1.xml", "offers0_1.xml")]

    assert (early, started, watch()) == (0, 2, 0)
    assert [answer.startswith("success") for answer in answers] == [True, True]
    assert (Product.objects.count(), Price.objects.count()) == (1, 1)
    assert [job.payload["file_id"] for job in Job.objects.filter(queue="exchange").order_by("pk")] == [
        talk.file("import0_1.xml").pk,
        talk.file("offers0_1.xml").pk,
    ]


def test_orders_that_1c_never_asks_for_are_taken_in(talk: Talk) -> None:
    sale = Talk(talk.client, talk.node, kind="sale").start()
    sale.post("orders-1_1.xml", message(order("00УТ-000017", "", "100.00")).encode())

    assert (watch(), watch()) == (1, 0)
    assert sale.file("orders-1_1.xml").report["counts"]["orders"] == 1


def test_archive_that_nobody_asks_for_is_unpacked_and_loaded(client: Client, node: ExchangeNode) -> None:
    talk = Talk(client, make_node("zip", is_zip_accepted=True)).start()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("import0_1.xml", catalog(good()))
    talk.post("v8_1.zip", packed.getvalue())

    assert (watch(), watch()) == (1, 1)
    assert Product.objects.count() == 1


@pytest.mark.parametrize("minutes", [0.5, 1.5])
def test_session_that_still_grows_is_left_alone(talk: Talk, minutes: float) -> None:
    talk.post("import0_1.xml", catalog(good()).encode())
    ExchangeFile.objects.update(received_at=timezone.now() - timedelta(minutes=10))
    talk.post("import0_2.xml", catalog(good(OTHER)).encode())
    ExchangeSession.objects.update(seen_at=timezone.now() - timedelta(minutes=10))

    assert watch(minutes) == 0


def test_session_that_polls_is_left_alone(talk: Talk) -> None:
    talk.post("import0_1.xml", catalog(good()).encode())
    ExchangeFile.objects.update(received_at=timezone.now() - timedelta(minutes=10))

    assert watch(1) == 0


def test_paused_base_loads_nothing_by_itself(talk: Talk) -> None:
    talk.post("import0_1.xml", catalog(good()).encode())
    ExchangeNode.objects.update(is_active=False)

    assert watch() == 0
    assert Product.objects.count() == 0


def test_half_of_a_file_that_nobody_asks_for_is_refused_once(talk: Talk) -> None:
    body = catalog(good()).encode()
    talk.post("import0_1.xml", body[: len(body) // 2])
    lost = talk.file("import0_1.xml")
    talk.post("import0_2.xml", body)
    SessionFolder(lost.session.token).place(talk.file("import0_2.xml").pk).unlink()

    assert (watch(), watch()) == (2, 0)
    assert (
        talk.file("import0_2.xml").message == "import0_2.xml: файл принят не полностью, отправьте его ещё раз"
    )
    assert talk.file("import0_1.xml").message.startswith("import0_1.xml: файл обрезан или повреждён")


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def test_administrator_drops_a_stuck_file_and_its_running_load_keeps_nothing(
    talk: Talk, browser: Client
) -> None:
    talk.post("import0_1.xml", catalog(good()).encode())
    talk.get("import", filename="import0_1.xml")
    file = talk.file("import0_1.xml")
    url = "/admin/integrations/exchangefile/"

    answer = browser.post(url, {"action": "drop", "_selected_action": [file.pk]}, follow=True)
    run_jobs()

    assert "Снято файлов: 1" in answer.content.decode()
    assert talk.get("import", filename="import0_1.xml") == (
        "failure\nimport0_1.xml: снято администратором портала"
    )
    assert Product.objects.count() == 0
    assert Job.objects.get(queue="exchange").state == "dead"
    assert talk.load("import0_1.xml", catalog(good())).startswith("success")
    assert browser.post(url, {"action": "drop", "_selected_action": [file.pk]}).status_code == 302
    assert talk.file("import0_1.xml").state == FileState.DONE


def test_administrator_drops_a_stuck_session(talk: Talk, browser: Client) -> None:
    talk.post("import0_1.xml", catalog(good()).encode())
    session = ExchangeSession.objects.get()

    browser.post("/admin/integrations/exchangesession/", {"action": "drop", "_selected_action": [session.pk]})

    assert talk.get("init") == "failure\nСессия не найдена или устарела, начните обмен заново"
    assert not SessionFolder(session.token).path.exists()
    assert talk.file("import0_1.xml").state == FileState.FAILED
    assert watch() == 0
    assert Talk(talk.client, talk.node).start().load("import0_1.xml", catalog(good())).startswith("success")


def test_load_that_takes_too_long_is_broken_off(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "_LOAD_LIMIT", -1.0)

    answer = talk.load("import0_1.xml", catalog(good()))

    assert answer == "failure\nimport0_1.xml: загрузка идёт слишком долго и прервана"
    assert Product.objects.count() == 0
