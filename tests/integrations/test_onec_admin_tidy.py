"""What the administrator sees of the exchange, and what is cleared away after it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from integrations.models import (
    ExchangeFile,
    ExchangeNode,
    ExchangeSession,
    ExchangeStream,
    ExternalId,
    OrderExport,
    PendingOffer,
)
from integrations.onec.folder import SessionFolder
from integrations.services.tidying import exchange_tidy
from tests.factories import make_user
from tests.integrations.onec_talk import GOOD, OTHER, Talk, catalog, good, offer, package


@pytest.fixture
def browser(client: Client, db: None) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def loaded(talk: Talk) -> Talk:
    """A journal with a file that is fine, one with a warning and one refused."""
    talk.load("import0_1.xml", catalog(good(group="nowhere")))
    talk.load("offers0_1.xml", package(offer(OTHER)))
    talk.load("import0_2.xml", "<broken/>")
    talk.post("import_files/1.jpg", b"x")
    return talk


MODELS = [ExchangeNode, ExchangeSession, ExchangeFile, OrderExport, PendingOffer, ExternalId, ExchangeStream]


@pytest.mark.parametrize("model", MODELS)
def test_admin_lists_and_shows_every_table_of_the_exchange(
    loaded: Talk, browser: Client, model: type
) -> None:
    name = model._meta.model_name
    listed = browser.get(
        f"/admin/integrations/{name}/?q=x" if name == "externalid" else f"/admin/integrations/{name}/"
    )
    rows = model.objects.order_by("pk").values_list("pk", flat=True)[:1]
    shown = [browser.get(f"/admin/integrations/{name}/{pk}/change/").status_code for pk in rows]

    assert listed.status_code == 200
    assert shown == [200] * len(rows)


def test_journal_tells_reasons_and_warnings_and_leaves_pictures_out(loaded: Talk, browser: Client) -> None:
    listed = browser.get("/admin/integrations/exchangefile/").content.decode()
    everything = browser.get("/admin/integrations/exchangefile/?files=all").content.decode()
    file = loaded.file("import0_1.xml")
    shown = browser.get(f"/admin/integrations/exchangefile/{file.pk}/change/").content.decode()

    assert "import0_2.xml: в файле нет элемента КоммерческаяИнформация" in listed
    assert "новых товаров: 1" in listed
    assert "import_files/1.jpg" not in listed
    assert "import_files/1.jpg" in everything
    assert "Неизвестная группа товара" in shown
    assert GOOD in shown


@pytest.mark.parametrize(
    "model", ["exchangefile", "exchangesession", "orderexport", "externalid", "pendingoffer"]
)
def test_admin_does_not_edit_what_the_exchange_writes(loaded: Talk, browser: Client, model: str) -> None:
    assert browser.get(f"/admin/integrations/{model}/add/").status_code == 403


def test_admin_sets_a_password_and_never_shows_it(browser: Client, talk: Talk) -> None:
    url = f"/admin/integrations/exchangenode/{talk.node.pk}/change/"
    fields = {
        "code": "ut",
        "name": "УТ",
        "username": "exchange-ut",
        "currency_name": "RUB",
        "is_active": "on",
        "limits-TOTAL_FORMS": "0",
        "limits-INITIAL_FORMS": "0",
    }

    kept = browser.post(url, fields)
    same = ExchangeNode.objects.get().password == talk.node.password
    short = browser.post(url, fields | {"new_password": "short"})
    changed = browser.post(url, fields | {"new_password": "new-password-2026"})

    node = ExchangeNode.objects.get()
    assert (kept.status_code, short.status_code, changed.status_code) == (302, 200, 302)
    assert same
    assert node.check_password("new-password-2026")
    assert node.password not in browser.get(url).content.decode()


def test_admin_wants_a_password_for_a_new_base(browser: Client, db: None) -> None:
    fields = {"code": "erp", "name": "ERP", "username": "erp", "currency_name": "RUB", "is_active": "on"}
    limits = {"limits-TOTAL_FORMS": "0", "limits-INITIAL_FORMS": "0"}

    answer = browser.post("/admin/integrations/exchangenode/add/", fields | limits)

    assert answer.status_code == 200
    assert "Задайте пароль, с которым 1С будет входить." in answer.content.decode()
    assert ExchangeNode.objects.count() == 0


def test_tidy_removes_folders_of_idle_sessions_only(talk: Talk, client: Client) -> None:
    talk.post("import0_1.xml", b"x")
    idle = Talk(client, talk.node).start()
    idle.post("import0_1.xml", b"x")
    busy = Talk(client, talk.node).start()
    busy.post("import0_1.xml", b"x")
    busy.get("import", filename="import0_1.xml")
    tokens = [ExchangeSession.objects.get(token=one.cookie.partition("=")[2]).token for one in (idle, busy)]
    ExchangeSession.objects.filter(token__in=tokens).update(
        seen_at=timezone.now() - timedelta(days=1, minutes=1)
    )

    removed = exchange_tidy(at=timezone.now())

    folders = [
        SessionFolder(ExchangeSession.objects.get(token=one.cookie.partition("=")[2]).token).path.exists()
        for one in (talk, idle, busy)
    ]
    assert removed == 1
    assert folders == [True, False, True]
    assert idle.get("init").startswith("failure\nСессия не найдена")


def test_tidy_removes_old_folders_of_nobody_and_leaves_foreign_ones(talk: Talk) -> None:
    root = Path(settings.EXCHANGE_ROOT)
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for name in ("0" * 32, "f" * 32, "notes"):
        (root / name).mkdir()
    for name in ("0" * 32, "notes"):
        os.utime(root / name, (old, old))

    exchange_tidy(at=timezone.now())

    own = talk.cookie.partition("=")[2]
    assert sorted(path.name for path in root.iterdir()) == sorted([own, "f" * 32, "notes"])


def test_tidy_drops_offers_whose_goods_never_came(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(), offer(OTHER)))
    PendingOffer.objects.filter(external_id=GOOD).update(received_at=timezone.now() - timedelta(days=31))

    exchange_tidy(at=timezone.now())

    assert list(PendingOffer.objects.values_list("external_id", flat=True)) == [OTHER]
