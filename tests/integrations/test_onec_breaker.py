"""The breaker: what changes too much at once waits for the administrator, and 1C goes on."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product, Stock
from integrations.models import ExchangeFile, ExchangeNode, FileState
from pricing.models import Price
from tests.factories import make_user
from tests.integrations.onec_talk import (
    KAZAN,
    MOSCOW,
    Talk,
    catalog,
    changes,
    good,
    offer,
    package,
    price,
    rest,
    run_jobs,
)

pytestmark = pytest.mark.django_db

NUMBERS = range(60)
URL = "/admin/integrations/exchangefile/"


def guid(number: int) -> str:
    return f"bd8c4e15-18f9-11e7-80c2-{number:012}"


def goods(*, deleted: int = 0) -> str:
    return catalog(
        *(
            good(guid(number), f"Гайка {number}", status="Удален" if number < deleted else "")
            for number in NUMBERS
        )
    )


def offers(
    amount: str = "10.50", *, rests: str | None = None, count: int = 60, formed: str = "2026-11-21T10:00:00"
) -> str:
    told = [
        offer(
            guid(number),
            name=f"Гайка {number}",
            prices=price(amount) if amount else "",
            rests=rests,
            quantity="0" if rests == "" else None,
        )
        for number in range(count)
    ]
    return package(*told, formed=formed)


def state() -> tuple[Any, ...]:
    return (
        list(Price.objects.order_by("pk").values()),
        list(Stock.objects.order_by("pk").values()),
        list(Product.objects.order_by("pk").values()),
    )


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """A base with sixty goods, each with a price and with stock in two warehouses."""
    assert talk.load("import0_1.xml", goods()).startswith("success")
    assert talk.load("offers0_1.xml", offers(formed="2026-11-20T10:00:00")).startswith("success")
    return talk


@pytest.fixture
def browser(client: Client, talk: Talk) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def decide(browser: Client, action: str, file: ExchangeFile) -> str:
    answer = browser.post(URL, {"action": action, "_selected_action": [file.pk]}, follow=True)
    run_jobs()
    return answer.content.decode()


PRICES = "цены меняются больше чем на 50 %: 60 из 60 (100 %) цен файла"
STOCK = "остатки обнуляются: 60 из 60 (100 %) позиций с остатком"
MASS = {
    "prices-hundredth": (offers("0.11"), PRICES),
    "prices-hundredfold": (offers("1050"), PRICES),
    "prices-zero": (offers("0"), PRICES),
    "prices-gone": (offers(""), PRICES),
    "stock-zero": (offers(rests=""), STOCK),
    "stock-negative": (offers(rests=rest(MOSCOW, "-1") + rest(KAZAN, "-1")), STOCK),
    "goods-deleted": (goods(deleted=60), "товары помечены на удаление: 60 из 60 (100 %) товаров файла"),
}


@pytest.mark.parametrize(("body", "reason"), MASS.values(), ids=MASS)
def test_mass_change_is_held_and_1c_hears_success(talk: Talk, body: str, reason: str) -> None:
    before = state()

    answer = talk.load("mass.xml", body)

    file = talk.file("mass.xml")
    told = f"success\nmass.xml: принят и ждёт решения администратора портала: {reason}"
    assert answer == told
    assert (file.state, file.report["held"]["reasons"]) == (FileState.HELD, [reason])
    assert state() == before
    assert talk.get("import", filename="mass.xml") == told
    assert talk.load("mass.xml", body) == told


@pytest.mark.parametrize(
    "body",
    [
        offers("0.11", count=12),
        offers("15.70"),
        offers("0.11", count=49),
        offers(rests=rest(MOSCOW, "0") + rest(KAZAN, "1")),
        goods(deleted=3),
    ],
    ids=["small-delta", "half-more", "few-rows", "one-warehouse-empty", "few-deleted"],
)
def test_ordinary_change_is_applied(talk: Talk, body: str) -> None:
    assert talk.load("usual.xml", body).startswith("success\nusual.xml: ")
    assert talk.file("usual.xml").state == FileState.DONE


def test_breaker_is_off_where_the_administrator_says_so(talk: Talk) -> None:
    ExchangeNode.objects.update(is_breaker_on=False)

    talk.load("mass.xml", offers("0.11"))

    assert talk.file("mass.xml").state == FileState.DONE
    assert set(Price.objects.values_list("amount", flat=True)) == {Decimal("0.11")}


def test_preview_shows_reasons_and_samples(talk: Talk, browser: Client) -> None:
    talk.load("mass.xml", offers("1050"))
    file = talk.file("mass.xml")

    listed = browser.get(f"{URL}?state__exact=held").content.decode()
    shown = browser.get(f"{URL}{file.pk}/change/").content.decode()

    assert PRICES in listed
    assert "<td>Цена</td><td>Гайка 0</td><td>10.5000</td><td>1050.0000</td>" in shown
    assert shown.count("<td>Цена</td>") == 20


def test_held_file_is_applied_and_leaves_what_newer_files_have_changed(talk: Talk, browser: Client) -> None:
    talk.load("mass.xml", offers("1050"))
    talk.load(
        "offers0_3.xml", changes(offer(guid(0), name="", prices=price("12")), formed="2026-11-22T10:00:00")
    )

    answer = decide(browser, "approve", talk.file("mass.xml"))

    amounts = dict(Price.objects.values_list("sku__product__name", "amount"))
    assert "Применяется файлов: 1" in answer
    assert amounts.pop("Гайка 0") == 12
    assert set(amounts.values()) == {1050}
    file = talk.file("mass.xml")
    assert (file.state, file.is_approved, file.decided_by is not None) == (FileState.DONE, True, True)
    assert talk.get("import", filename="mass.xml").startswith("success\nmass.xml: предложений: 60")
    assert "Применяется файлов: 0" in decide(browser, "approve", file)


def test_rejected_file_changes_nothing_and_1c_is_not_told_to_repeat_it(talk: Talk, browser: Client) -> None:
    talk.load("mass.xml", offers("1050"))
    before = state()

    decide(browser, "reject", talk.file("mass.xml"))

    assert state() == before
    assert talk.file("mass.xml").state == FileState.REJECTED
    assert talk.get("import", filename="mass.xml") == "success\nmass.xml: отклонён администратором портала"
    assert "Применяется файлов: 0" in decide(browser, "approve", talk.file("mass.xml"))


def test_nobody_decides_without_the_permission(talk: Talk, client: Client) -> None:
    talk.load("mass.xml", offers("1050"))
    client.force_login(make_user(is_staff=True))

    answer = client.post(URL, {"action": "approve", "_selected_action": [talk.file("mass.xml").pk]})

    assert answer.status_code in {403, 404}
    assert talk.file("mass.xml").state == FileState.HELD
