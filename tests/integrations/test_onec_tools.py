"""Tools of the administrator: freshness of streams, mapping of terms, what was said of a good."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from catalog.models import City, CityWarehouse, Product, Stock, Warehouse
from integrations.models import ExchangeFile, ExchangeNode, ExchangeSession, ExchangeStream, ExternalId
from integrations.reports.freshness import Freshness, stream_rows
from integrations.reports.mapping import price_type_rows, warehouse_rows
from integrations.reports.mentions import product_mentions
from integrations.services.tidying import exchange_tidy
from pricing.models import Price, PriceType
from tests.factories import make_user
from tests.integrations.onec_talk import (
    BASE,
    GOOD,
    KAZAN,
    MOSCOW,
    OTHER,
    Talk,
    catalog,
    good,
    make_node,
    offer,
    package,
    price,
    rest,
)

pytestmark = pytest.mark.django_db

MAPPING = "/admin/integrations/exchangenode/mapping/"
LATER = "2026-11-22T10:00:00"
ABOUT = "/admin/integrations/exchangefile/about/"


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def loaded(talk: Talk) -> Talk:
    """A base with a good, a price and stock in two warehouses."""
    talk.load("import0_1.xml", catalog(good()))
    talk.load("offers0_1.xml", package(offer()))
    return talk


# --- freshness ---------------------------------------------------------------------------------------
def states() -> dict[str, str]:
    return {row.name: row.state.value for row in stream_rows(at=timezone.now())}


def test_streams_tell_what_came_and_what_is_late(loaded: Talk, browser: Client) -> None:
    Talk(browser, loaded.node, "sale").sign_in()
    hour = timedelta(hours=1)
    ExchangeStream.objects.filter(kind="goods").update(usual_gap=hour, applied_at=timezone.now() - hour * 1.9)
    ExchangeStream.objects.filter(kind="prices").update(
        usual_gap=hour, applied_at=timezone.now() - hour * 2.1
    )
    ExchangeStream.objects.filter(kind="stock").delete()

    page = browser.get("/admin/integrations/exchangestream/").content.decode()

    assert states() == {
        "Товары": Freshness.FRESH,
        "Цены": Freshness.LATE,
        "Остатки": Freshness.NEVER,
        "Заказы": Freshness.FRESH,
    }
    assert "<b>опаздывает</b>" in page
    assert "60 мин" in page


def test_stream_of_a_paused_base_is_not_late(loaded: Talk) -> None:
    ExchangeStream.objects.update(applied_at=timezone.now() - timedelta(days=9))
    ExchangeNode.objects.update(is_active=False)

    assert set(states().values()) == {Freshness.PAUSED}


@pytest.mark.parametrize("bases", [1, 3])
def test_streams_take_five_queries(
    loaded: Talk, bases: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(bases - 1):
        make_node(f"erp{number}")

    with django_assert_num_queries(5):
        rows = stream_rows(at=timezone.now())

    assert len(rows) == bases * 4


def test_pace_follows_exchanges_and_not_the_files_of_one(loaded: Talk) -> None:
    def gap() -> timedelta | None:
        return ExchangeStream.objects.get(kind="stock").usual_gap

    loaded.load("offers0_2.xml", package(offer()))
    first = gap()
    for hours in (1, 2):
        ExchangeStream.objects.update(applied_at=timezone.now() - timedelta(hours=hours))
        loaded.load(f"offers1_{hours}.xml", package(offer()))

    assert first is None
    assert timedelta(minutes=77) < (gap() or timedelta()) < timedelta(minutes=79)


# --- mapping -----------------------------------------------------------------------------------------
def post(browser: Client, kind: str, external_id: str, target: int) -> str:
    row = ExternalId.objects.get(kind=kind, external_id=external_id)
    answer = browser.post(MAPPING, {"kind": kind, "external": row.pk, "target": target}, follow=True)
    return answer.content.decode()


def test_mapping_screen_counts_offers_and_puts_the_unmapped_first(loaded: Talk, browser: Client) -> None:
    PriceType.objects.filter(name="Розничная").update(is_open=True)
    CityWarehouse.objects.create(
        city=City.objects.create(name="Москва"), warehouse=Warehouse.objects.get(name="Москва")
    )

    page = browser.get(MAPPING)

    assert page.status_code == 200
    assert [(row.name, row.offers, row.state) for row in price_type_rows()] == [
        ("Оптовая", 1, "закрыт"),
        ("Розничная", 0, "открыт клиентам"),
    ]
    assert [(row.name, row.offers, row.state) for row in warehouse_rows()] == [
        ("Казань", 1, "без города"),
        ("Москва", 1, "обслуживает города"),
    ]


def test_price_type_of_a_new_id_becomes_the_one_that_clients_have(loaded: Talk, browser: Client) -> None:
    """The catalogue was created anew in 1C: the same goods, another id of the price type."""
    old = PriceType.objects.get(name="Оптовая")
    loaded.load("offers0_2.xml", package(offer(prices=price("12", type_id="новый")), formed=LATER))

    answer = post(browser, "price_type", "новый", old.pk)
    loaded.load("offers0_3.xml", package(offer(prices=price("13", type_id="новый")), formed=LATER))

    assert "Соединено: Оптовая" in answer
    assert list(Price.objects.values_list("price_type__name", "amount")) == [("Оптовая", 13)]
    assert not PriceType.objects.filter(name="новый").exists()


def test_price_types_of_two_currencies_or_open_ones_are_not_joined(loaded: Talk, browser: Client) -> None:
    old = PriceType.objects.get(name="Оптовая")
    loaded.load("offers0_2.xml", package(offer(prices=price("12", type_id="евро", currency="EUR"))))

    refused = [post(browser, "price_type", "евро", old.pk), post(browser, "price_type", "евро", 10**6)]
    PriceType.objects.filter(pk=old.pk).update(is_open=True)
    refused.append(post(browser, "price_type", BASE, PriceType.objects.get(name="Розничная").pk))

    assert "Валюты разные: EUR и RUB" in refused[0]
    assert "Выберите другой вид цен" in refused[1]
    assert "сначала закройте его" in refused[2]
    assert ExternalId.objects.get(kind="price_type", external_id=BASE).object_id == old.pk


def test_warehouse_of_a_new_id_becomes_the_known_one(loaded: Talk, browser: Client) -> None:
    moscow = Warehouse.objects.get(name="Москва")
    rests = rest("новый", "7") + rest(KAZAN, "1")
    loaded.load("offers0_2.xml", package(offer(rests=rests), formed="2026-11-22T10:00:00"))

    post(browser, "warehouse", "новый", moscow.pk)

    assert dict(Stock.objects.values_list("warehouse__name", "free")) == {"Москва": 7, "Казань": 1}
    assert not Warehouse.objects.filter(name="новый").exists()


def test_warehouse_with_reserves_or_cities_is_not_joined(loaded: Talk, browser: Client) -> None:
    moscow, kazan = Warehouse.objects.get(name="Москва"), Warehouse.objects.get(name="Казань")
    Stock.objects.filter(warehouse=kazan).update(reserved=1)
    CityWarehouse.objects.create(city=City.objects.create(name="Москва"), warehouse=moscow)

    reserved = post(browser, "warehouse", KAZAN, moscow.pk)
    serving = post(browser, "warehouse", MOSCOW, kazan.pk)

    assert "На складе есть резервы заказов" in reserved
    assert "Склад обслуживает города" in serving
    assert Stock.objects.count() == 2


def test_mapping_needs_the_permission(loaded: Talk, client: Client) -> None:
    client.force_login(make_user(is_staff=True))

    assert client.get(MAPPING).status_code == 403
    assert client.post(MAPPING, {}).status_code == 403


# --- what was said of a good -------------------------------------------------------------------------
def test_files_that_name_a_good_are_shown_newest_first(loaded: Talk, browser: Client) -> None:
    loaded.load("import0_2.xml", catalog(good(OTHER, "Гайка")))
    loaded.load("import0_3.xml", "<broken/>")
    loaded.load("offers0_2.xml", package(offer(GOOD.upper(), prices=price("12")), formed=LATER))
    product = Product.objects.get(name="Болт М8х40")

    search = product_mentions(product_id=product.pk)
    page = browser.get(ABOUT, {"product": "B-8-40"})
    found = browser.get(ABOUT, {"product": GOOD}).content.decode()

    assert [mention.file.name for mention in search.mentions] == [
        "offers0_2.xml",
        "offers0_1.xml",
        "import0_1.xml",
    ]
    assert (search.looked_at, search.is_whole) == (5, True)
    assert "<ЦенаЗаЕдиницу>12</ЦенаЗаЕдиницу>" in search.mentions[0].texts[0]
    assert search.mentions[2].texts[0].startswith(f"<Товар><Ид>{GOOD}</Ид>")
    assert "Таких товаров несколько" in page.content.decode()
    assert "&lt;ЦенаЗаЕдиницу&gt;12&lt;/ЦенаЗаЕдиницу&gt;" in found
    assert "Просмотрено файлов: 5." in found


def test_copies_are_searched_when_the_session_is_gone(loaded: Talk) -> None:
    ExchangeSession.objects.update(seen_at=timezone.now() - timedelta(days=2))
    exchange_tidy(at=timezone.now())

    search = product_mentions(product_id=Product.objects.get().pk)

    assert [mention.file.name for mention in search.mentions] == ["offers0_1.xml", "import0_1.xml"]


def test_search_ends_in_time_and_says_so(loaded: Talk, browser: Client) -> None:
    search = product_mentions(product_id=Product.objects.get().pk, seconds=0)

    assert (search.mentions, search.looked_at, search.is_whole) == ((), 0, False)


@pytest.mark.parametrize("told", ["", "нет такого", "999999999", "9" * 40])
def test_unknown_good_is_told_in_words(loaded: Talk, browser: Client, told: str) -> None:
    page = browser.get(ABOUT, {"product": told})

    assert page.status_code == 200
    assert "Просмотрено файлов" not in page.content.decode()


def test_journal_lists_new_changed_hidden_and_rejected(loaded: Talk) -> None:
    loaded.load("import0_2.xml", catalog(good(name="Болт", status="Удален"), good("", "Без Ид")))
    loaded.load("import0_3.xml", catalog(good(OTHER, name="")))

    told = {
        file.name: file.report["counts"] for file in ExchangeFile.objects.filter(name__startswith="import")
    }
    assert told["import0_1.xml"]["goods_new"] == 1
    assert (told["import0_2.xml"]["goods_changed"], told["import0_2.xml"]["goods_hidden"]) == (1, 1)
    assert told["import0_2.xml"]["rejected"] == 1
    assert told["import0_3.xml"]["rejected"] == 1
