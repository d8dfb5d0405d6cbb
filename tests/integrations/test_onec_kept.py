"""Copies of what 1C has sent: kept, private, downloaded, repeated, tried out."""

import gzip
import os
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from integrations.models import (
    ExchangeFile,
    ExchangeRun,
    ExchangeSession,
    ExchangeStream,
    FileState,
    SeenGood,
)
from integrations.onec.kept import kept_place
from integrations.services.keeping import files_keep
from integrations.services.tidying import exchange_tidy
from portal.files.models import StoredFile
from pricing.models import Price
from tests.factories import make_user
from tests.integrations.onec_talk import GOOD, OTHER, Talk, catalog, good, offer, package, price, run_jobs

pytestmark = pytest.mark.django_db

URL = "/admin/integrations/exchangefile/"


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def act(browser: Client, action: str, *files: ExchangeFile) -> str:
    answer = browser.post(
        URL, {"action": action, "_selected_action": [file.pk for file in files]}, follow=True
    )
    run_jobs()
    return answer.content.decode()


def test_loaded_and_refused_files_are_kept_compressed_once_per_content(talk: Talk) -> None:
    body = catalog(good())
    talk.load("import0_1.xml", body)
    talk.load("import0_2.xml", body)
    talk.load("import0_3.xml", "<broken/>")
    talk.post("import_files/1.jpg", b"x")

    kept = (files_keep(), files_keep())

    copies = sorted(path.stem for path in (Path(settings.EXCHANGE_ROOT) / "kept").glob("*/*"))
    assert kept == (3, 0)
    assert copies == sorted({file.sha256 for file in ExchangeFile.objects.exclude(sha256="")})
    place = kept_place(talk.file("import0_1.xml").sha256)
    assert gzip.decompress(place.read_bytes()).decode() == body
    assert stat.S_IMODE(place.parent.parent.stat().st_mode) == 0o700


def test_copies_outlive_the_session_and_are_removed_after_thirty_days(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))
    talk.load("import0_2.xml", catalog(good(name="Другой")))
    first, second = talk.file("import0_1.xml"), talk.file("import0_2.xml")
    ExchangeSession.objects.update(seen_at=timezone.now() - timedelta(days=2))

    exchange_tidy(at=timezone.now())
    both = [kept_place(file.sha256).exists() for file in (first, second)]
    old = (timezone.now() - timedelta(days=31)).timestamp()
    os.utime(kept_place(first.sha256), (old, old))
    os.utime(kept_place(second.sha256), (old, old))
    ExchangeFile.objects.filter(pk=second.pk).update(state=FileState.HELD)
    exchange_tidy(at=timezone.now())

    assert both == [True, True]
    assert [kept_place(file.sha256).exists() for file in (first, second)] == [False, True]


def test_copy_is_downloaded_by_who_may(talk: Talk, client: Client) -> None:
    talk.load("goods/1/import0_1.xml", catalog(good()))
    files_keep()
    url = f"{URL}{talk.file('goods/1/import0_1.xml').pk}/download/"
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_exchangefile"))
    keeper = make_user(is_staff=True)
    keeper.user_permissions.add(Permission.objects.get(codename="download_exchangefile"))

    anonymous = client.get(url).status_code
    client.force_login(viewer)
    refused = client.get(url).status_code
    client.force_login(keeper)
    answer = client.get(url)

    assert (anonymous != 200, refused, answer.status_code) == (True, 403, 200)
    assert answer["Content-Disposition"] == 'attachment; filename="import0_1.xml"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content).decode() == catalog(good())
    assert client.get(f"{URL}999999/download/").status_code == 404


@pytest.mark.parametrize("path", ["/media/kept/", "/static/kept/", "/files/kept/", "/var/exchange/kept/"])
def test_copies_are_not_served(talk: Talk, client: Client, path: str) -> None:
    talk.load("import0_1.xml", catalog(good()))
    files_keep()
    sha256 = talk.file("import0_1.xml").sha256

    assert client.get(f"{path}{sha256[:2]}/{sha256}.gz").status_code == 404


def test_replay_loads_the_copy_again_in_a_session_of_the_portal(talk: Talk, browser: Client) -> None:
    talk.load("import0_1.xml", catalog(good()))
    file = talk.file("import0_1.xml")
    talk.load("import0_2.xml", catalog(good(name="Новое имя")))
    talk.post("import0_3.xml", b"<")
    ExchangeSession.objects.update(seen_at=timezone.now() - timedelta(days=2))
    exchange_tidy(at=timezone.now())
    runs, streams = ExchangeRun.objects.count(), list(ExchangeStream.objects.values_list("applied_at"))

    answer = act(browser, "replay", file, talk.file("import0_3.xml"))

    again = ExchangeFile.objects.get(replay_of=file)
    assert "Загружается снова: 1" in answer
    assert "Нельзя повторить: 1" in answer
    assert (again.state, again.session.is_manual, again.report["counts"]["goods_changed"]) == (
        "done",
        True,
        1,
    )
    assert Product.objects.get().name == "Болт М8х40"
    assert file.state == ExchangeFile.objects.get(pk=file.pk).state
    assert (ExchangeRun.objects.count(), SeenGood.objects.count()) == (runs, 0)
    assert list(ExchangeStream.objects.values_list("applied_at")) == streams


def test_replay_of_an_older_file_does_not_overwrite_newer_prices(talk: Talk, browser: Client) -> None:
    talk.load("import0_1.xml", catalog(good()))
    talk.load("offers0_1.xml", package(offer()))
    talk.load("offers0_2.xml", package(offer(prices=price("12")), formed="2026-11-22T10:00:00"))

    act(browser, "replay", talk.file("offers0_1.xml"))

    assert Price.objects.get().amount == 12


def test_trial_tells_what_would_change_and_writes_nothing(talk: Talk, browser: Client) -> None:
    talk.load("import0_1.xml", catalog(good()))
    talk.load("import0_2.xml", catalog(good(name="Новое имя"), good(OTHER, group="nowhere")))
    Product.objects.filter(name="Новое имя").update(name="Старое имя")
    before = list(Product.objects.values())
    file = talk.file("import0_2.xml")

    act(browser, "try_out", file)

    shown = browser.get(f"{URL}{file.pk}/change/").content.decode()
    trial = ExchangeFile.objects.get(pk=file.pk).trial
    assert trial["counts"]["goods_changed"] == 1
    assert "изменённых товаров: 1" in shown
    assert "Неизвестная группа товара" in shown
    assert list(Product.objects.values()) == before


def test_trial_of_a_bad_file_tells_the_refusal(talk: Talk, browser: Client) -> None:
    talk.load("import0_1.xml", "<broken/>")
    file = talk.file("import0_1.xml")

    act(browser, "try_out", file)

    assert "в файле нет элемента" in ExchangeFile.objects.get(pk=file.pk).trial["refusal"]


# --- the command -------------------------------------------------------------------------------------
def command(path: Path, *options: str) -> str:
    told = StringIO()
    call_command("exchange_load", str(path), "--node", "ut", *options, stdout=told)
    return told.getvalue()


def test_command_tries_a_file_without_a_trace(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "import0_1.xml").write_text(catalog(good(extra="<Картинка>1.jpg</Картинка>")))
    sessions = ExchangeSession.objects.count()

    told = command(tmp_path / "import0_1.xml", "--dry-run")

    assert told == (
        "разделов: 2, свойств: 2, товаров: 1, новых товаров: 1, изменённых значений свойств: 2,"
        " новых позиций: 1\n"
    )
    assert (Product.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert (ExchangeSession.objects.count(), ExchangeFile.objects.count()) == (sessions, 0)


def test_command_loads_a_file_and_tells_warnings(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "import0_1.xml").write_text(catalog(good(group="nowhere")))

    told = command(tmp_path / "import0_1.xml")

    assert "новых товаров: 1" in told
    assert f"Предупреждение: Неизвестная группа товара (Ид {GOOD}, строка " in told
    assert Product.objects.count() == 1
    assert ExchangeFile.objects.get().session.is_manual


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("import0_1.xml", "нет", "Нет базы 1С с кодом нет"),
        ("missing.xml", "ut", "Нужен файл .xml"),
        ("bad.xml", "ut", "bad.xml: в файле нет элемента КоммерческаяИнформация"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--dry-run"]], ids=["load", "dry"])
def test_command_refuses_in_words(
    talk: Talk, tmp_path: Path, name: str, code: str, reason: str, options: list[str]
) -> None:
    (tmp_path / "import0_1.xml").write_text(catalog(good()))
    (tmp_path / "bad.xml").write_text("<broken/>")

    with pytest.raises(CommandError, match=reason):
        call_command("exchange_load", str(tmp_path / name), "--node", code, *options)
    assert Product.objects.count() == 0
