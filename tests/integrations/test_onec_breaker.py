"""The breaker: what changes too much at once waits for the administrator, and 1C goes on."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product, PropertyValue, Stock
from integrations.models import ExchangeFile, ExchangeNode, FileState
from pricing.models import Price
from tests.factories import make_user
from tests.integrations.onec_talk import (
    KAZAN,
    LENGTH,
    MOSCOW,
    RETAIL,
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
    assert "<td>Цена</td><td>Гайка 0</td><td>10,5</td><td>1\N{NO-BREAK SPACE}050</td>" in shown
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


def test_late_file_leaves_what_a_newer_one_has_only_confirmed(talk: Talk, browser: Client) -> None:
    """The newer file says of the first good what was there already; it is newer all the same."""
    talk.load("mass.xml", offers("1050", rests=rest(MOSCOW, "7")))
    same = changes(offer(guid(0), name=""), formed="2026-11-22T10:00:00")
    talk.load("offers0_3.xml", same)
    confirmed = talk.file("offers0_3.xml").report["counts"]

    decide(browser, "approve", talk.file("mass.xml"))
    talk.load("offers0_4.xml", same)
    again = Price.objects.get(sku__product__name="Гайка 0").updated_at
    talk.load("offers0_5.xml", same)

    amounts = dict(Price.objects.values_list("sku__product__name", "amount"))
    stock = dict(Stock.objects.filter(warehouse__name="Москва").values_list("sku__product__name", "free"))
    assert {key: value for key, value in confirmed.items() if key.endswith("_changed") and value} == {}
    assert (amounts.pop("Гайка 0"), stock.pop("Гайка 0")) == (Decimal("10.50"), 10)
    assert (set(amounts.values()), set(stock.values())) == ({1050}, {7})
    assert Price.objects.get(sku__product__name="Гайка 0").updated_at == again  # nothing waits any more


def test_late_file_does_not_bring_back_a_price_that_a_newer_one_has_dropped(
    talk: Talk, browser: Client
) -> None:
    both = price("10.50") + price("12", type_id=RETAIL)
    talk.load("offers0_2.xml", changes(offer(guid(0), name="", prices=both), formed="2026-11-21T09:00:00"))
    mass = [offer(guid(0), name="", prices=price("1050") + price("1200", type_id=RETAIL))]
    mass += [offer(guid(number), name="", prices=price("1050")) for number in range(1, 60)]
    talk.load("mass.xml", package(*mass, formed="2026-11-21T10:00:00"))
    talk.load("offers0_3.xml", changes(offer(guid(0), name=""), formed="2026-11-22T10:00:00"))

    decide(browser, "approve", talk.file("mass.xml"))

    told = Price.objects.filter(sku__product__name="Гайка 0")
    assert list(told.values_list("price_type__name", "amount")) == [("Оптовая", Decimal("10.50"))]


def test_late_file_of_goods_leaves_goods_that_a_newer_one_has_told_of(talk: Talk, browser: Client) -> None:
    """Not only the row: what hangs on it, too."""
    talk.load("mass.xml", goods(deleted=60))
    longer = f"<ЗначенияСвойства><Ид>{LENGTH}</Ид><Значение>99</Значение></ЗначенияСвойства>"
    talk.load("import0_2.xml", catalog(good(guid(0), "Гайка 0", values=longer)))

    decide(browser, "approve", talk.file("mass.xml"))

    kept = Product.objects.get(is_hidden=False)
    assert (kept.name, PropertyValue.objects.get(product=kept).raw) == ("Гайка 0", "99")
    assert Product.objects.filter(is_hidden=True).count() == 59
    warnings = talk.file("mass.xml").report["warnings"]
    assert [row["text"] for row in warnings] == ["Товар уже пришёл в более новом файле: оставлен как есть"]


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
