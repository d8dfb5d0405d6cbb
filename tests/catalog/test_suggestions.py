"""What is offered while a query is typed: to whom, at whose price, how much of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from catalog.models import Article, Brand, City, Classifier, ClassifierKind, Product, Section, Stock
from catalog.selectors import GoodsRow
from catalog.services.vocabulary import vocabulary_renew
from catalog.web.amounts import amount_of, amount_read
from catalog.web.numbered import number_in
from counterparties.models import ClientGroup, Contract, Holding
from documents.services import invoice_issue, issuing
from orders.models import Order
from orders.selectors.cart import cart_view
from orders.selectors.numbered import orders_numbered
from orders.services.steps import order_confirm
from orders.services.submission import order_submit
from pricing.models import ContractPricing
from tests.catalog.samples import make_picture, make_section
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_city,
    make_code,
    make_price,
    make_price_type,
    make_sku,
    make_unit,
    make_user,
    make_warehouse,
)

pytestmark = pytest.mark.django_db

ADDRESS = reverse("catalog:suggestions")


@pytest.fixture
def shop(world: World) -> World:
    """Three good bolts, a perforator of a brand, a section of the bolts."""
    lies = {world.main_warehouse: 10}
    bolts = [make_sku(f"Анкер клиновой М{size}х100", price=50 + size, stock=lies) for size in (8, 10, 12)]
    tool = make_sku("Перфоратор SDS-plus 800Вт", price=7000, stock=lies, article="GBH-226")
    bosch = Brand.objects.create(name="Bosch", normalized_name="bosch")
    Product.objects.filter(pk=tool.product_id).update(brand=bosch)
    make_section("Анкеры", goods=bolts)
    return world


def settle() -> None:
    """Take the rows over into the index and make the words of it."""
    catalog_index()
    vocabulary_renew(on=TODAY, is_forced=True)


def ask(client: Client, text: str) -> str:
    answer = client.get(ADDRESS, {"q": text})
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def goods(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'class="suggest-good-name">([^<]*)<', page)]


def prices(page: str) -> list[str]:
    return re.findall(r'class="price">([^<]*) <', page)


def rows(page: str) -> list[tuple[str, str]]:
    """Names and counts of queries, sections, brands."""
    found = re.findall(r'class="suggest-text">([^<]*)<.*?class="count">([^<]*)<', page)
    return [(unescape(name), count) for name, count in found]


def quantities(page: str) -> list[str]:
    return re.findall(r'name="quantity" value="([^"]*)"', page)


# --- what is offered --------------------------------------------------------------------------------
def test_offers_queries_sections_and_goods(buyer: Client, shop: World) -> None:
    settle()
    section = reverse(
        "catalog:section", args=[Product.objects.get(name="Анкер клиновой М8х100").sections.get().pk]
    )

    page = ask(buyer, "анке")

    assert sorted(goods(page)) == [f"Анкер клиновой М{size}х100" for size in (10, 12, 8)]
    assert ("Анкеры", "3") in rows(page)
    assert ("анкер клиновой", "3") in [(name.lower(), count) for name, count in rows(page)]
    assert f'href="{section}"' in page
    assert 'href="/catalog/?q=%D0%B0%D0%BD%D0%BA%D0%B5"' in page
    assert "Исправлено" not in page


def test_brand_leads_to_its_goods(buyer: Client, shop: World) -> None:
    settle()

    page = ask(buyer, "bos")

    assert goods(page) == ["Перфоратор SDS-plus 800Вт"]
    assert f'href="/catalog/?brand={Brand.objects.get().pk}"' in page
    assert "GBH-226 · Bosch" in page


def test_good_shows_its_picture(buyer: Client, shop: World) -> None:
    picture = make_picture(Product.objects.get(name="Перфоратор SDS-plus 800Вт"))
    settle()

    assert reverse("catalog:picture", args=[picture.pk]) in ask(buyer, "перфоратор")


@pytest.mark.parametrize(("typed", "understood"), [("fyrt", "анке"), ("анкир", "анке")])
def test_mended_query_says_so_and_leads_back(buyer: Client, shop: World, typed: str, understood: str) -> None:
    settle()

    page = ask(buyer, typed)

    told = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))
    assert re.search(rf"Исправлено: {typed} → {understood}\w*… искать как есть", told)
    assert "exact=1" in page
    assert len(goods(page)) == 3


def test_empty_query_offers_nothing(buyer: Client, shop: World) -> None:
    for text in ("", "   ", "\x00"):
        assert ask(buyer, text) == ""


def test_unknown_words_lead_to_the_search_only(buyer: Client, shop: World) -> None:
    settle()

    page = ask(buyer, "щщщщщщ")

    assert goods(page) == []
    assert rows(page) == []
    assert "Подсказок нет" in page
    assert "Все результаты" in page


def test_articles_answer_too_while_they_are_published(buyer: Client, shop: World) -> None:
    settle()
    now = timezone.now()
    ready = {"lead": "Коротко", "body": "<p>.</p>", "is_published": True}
    Article.objects.create(title="Как выбрать анкер", slug="anchor", published_at=now, **ready)
    Article.objects.create(title="Анкер завтра", slug="later", published_at=now + timedelta(days=1), **ready)

    page = ask(buyer, "анкер")
    Article.objects.update(is_published=False)

    assert "Как выбрать анкер" in page
    assert reverse("articles:article", args=["anchor"]) in page
    assert "Анкер завтра" not in page
    assert "Как выбрать анкер" not in ask(buyer, "анкер")


# --- whose price, how much of it --------------------------------------------------------------------
def test_each_client_sees_only_his_own_price(client: Client, shop: World) -> None:
    cheap = make_price_type("Особая")
    make_price(Product.objects.get(name="Перфоратор SDS-plus 800Вт").skus.get(), "6123.45", price_type=cheap)
    ContractPricing.objects.create(contract=Contract.objects.get(pk=shop.other_contract.pk), price_type=cheap)
    settle()
    told = {}

    for person in (shop.buyer, shop.other_buyer):
        client.force_login(person)
        answer = client.get(ADDRESS, {"q": "перфоратор"})
        told[person] = prices(ask(client, "перфоратор"))
        assert answer["Cache-Control"] == "private, no-cache"

    assert told == {shop.buyer: ["7 000,00"], shop.other_buyer: ["6 123,45"]}


def test_no_price_and_no_cart_for_who_may_not_see(client: Client, shop: World) -> None:
    settle()
    client.force_login(make_user("Без клиента"))

    page = ask(client, "перфоратор")

    assert "7 000" not in page
    assert "cart/add" not in page


def test_manager_in_a_visit_sees_the_clients_price(client: Client, shop: World) -> None:
    own = make_price_type("Особая")
    make_price(Product.objects.get(name="Перфоратор SDS-plus 800Вт").skus.get(), 6500, price_type=own)
    ContractPricing.objects.create(contract=shop.contract, price_type=own)
    settle()
    client.force_login(shop.manager)
    before = prices(ask(client, "перфоратор"))

    assert client.post(reverse("hijack:acquire"), {"user_pk": shop.buyer.pk}).status_code == 302
    page = ask(client, "перфоратор")

    assert before == ["7 000,00"]
    assert prices(page) == ["6 500,00"]
    assert f'name="visit_person" value="{shop.buyer.pk}"' in page


@pytest.mark.parametrize(
    ("mask", "told"),
    [(StockMask.EXACT, "37 шт"), (StockMask.OVER_10, "&gt;10 шт"), (StockMask.WORDS, "много")],
)
def test_stock_is_told_as_the_group_may_see_it(
    buyer: Client, shop: World, mask: StockMask, told: str
) -> None:
    Holding.objects.filter(pk=shop.holding.pk).update(
        group=ClientGroup.objects.create(name="Розница", stock_mask=mask)
    )
    make_sku("Сверло победитовое", stock={shop.main_warehouse: 37})
    settle()

    page = ask(buyer, "сверло")

    assert re.findall(r'class="stock">([^<]*)<', page) == [told]
    told_to_eyes = re.sub(r"<[^>]*>", " ", page)  # not in ids and tokens
    assert bool(re.search(r"\b37\b", told_to_eyes)) is (mask == StockMask.EXACT)


def test_goods_of_other_cities_are_never_offered(buyer: Client, shop: World) -> None:
    kazan: City = make_city("Казань")
    make_sku("Сверло далёкое", stock={make_warehouse(kazan): 5})
    settle()

    page = ask(buyer, "сверло")

    assert goods(page) == []
    assert rows(page) == []


def test_sold_out_since_the_index_looked_is_not_offered(
    buyer: Client, shop: World, settled_index: Callable[[], None]
) -> None:
    settle()
    settled_index()
    Stock.objects.filter(sku__product__name="Перфоратор SDS-plus 800Вт").update(free=0)

    assert goods(ask(buyer, "перфоратор")) == []


# --- how much was asked for -------------------------------------------------------------------------
def test_quantity_of_the_query_stands_in_the_field(buyer: Client, shop: World) -> None:
    settle()

    page = ask(buyer, "анкер м8х100 200 шт")

    assert goods(page) == ["Анкер клиновой М8х100"]
    assert quantities(page) == ["200"]
    assert quantities(ask(buyer, "анкер м8х100")) == ["1"]


@pytest.mark.parametrize("ending", ["200 ш", "200 шту", "200ш"])
def test_unit_in_the_making_spoils_nothing(buyer: Client, shop: World, ending: str) -> None:
    settle()

    page = ask(buyer, f"анкер м8х100 {ending}")

    assert goods(page) == ["Анкер клиновой М8х100"]
    assert quantities(page) == ["200"]
    assert "Исправлено" not in page


def test_section_is_offered_by_another_form_of_its_word(buyer: Client, shop: World) -> None:
    make_section("Кабели и провода", goods=[shop.skus[1]])
    settle()

    assert ("Кабели и провода", "1") in rows(ask(buyer, "кабель"))
    assert ("Кабели и провода", "1") in rows(ask(buyer, "проводов"))


def test_sections_stand_by_all_that_lies_below_and_brands_are_no_sections(buyer: Client, shop: World) -> None:
    top = make_section("Анкерный крепёж")
    for number, sku in enumerate(shop.skus):
        make_section(f"Анкерные детали {number}", parent=top, goods=[sku])
    tree = Classifier.objects.create(name="Бренды", kind=ClassifierKind.BRANDS)
    branded = make_section("Анкербренд", goods=list(shop.skus))
    Section.objects.filter(pk=branded.pk).update(classifier=tree)
    settle()

    offered = [name for name, _count in rows(ask(buyer, "анкерн"))]

    assert offered[0] == "Анкерный крепёж"
    assert "Анкербренд" not in [name for name, _count in rows(ask(buyer, "анкербренд"))]


def test_measure_is_how_much_where_no_good_is_named_so(buyer: Client, shop: World) -> None:
    settle()

    page = ask(buyer, "кабель ввгнг 100 м")

    assert goods(page) == ["Кабель ВВГнг 3х2,5"]
    assert quantities(page) == ["100"]


def test_measure_is_a_size_where_goods_are_named_so(buyer: Client, shop: World) -> None:
    make_sku("Краска белая 5 кг", stock={shop.main_warehouse: 5})
    settle()

    page = ask(buyer, "rhfcrf 5 ru")

    assert goods(page) == ["Краска белая 5 кг"]
    assert quantities(page) == ["1"]
    assert "<b>краска 5 кг…</b>" in page


@pytest.mark.parametrize(
    ("query", "unit", "packs", "multiple", "wanted"),
    [
        ("болт 200 шт", "шт.", (), None, 200),
        ("болт 3 уп", "шт", (("упак", Decimal(50)),), None, 150),
        ("болт 3 рул", "шт", (("упак", Decimal(50)),), None, 1),
        ("кабель 200 шт", "м", (), Decimal(100), 100),
        ("болт", "шт", (), None, 1),
    ],
)
def test_amount_counts_in_units_of_the_good(
    query: str, unit: str, packs: tuple[tuple[str, Decimal], ...], multiple: Decimal | None, wanted: int
) -> None:
    row = GoodsRow(1, 1, "", "", "", "", unit, None, packs, multiple)

    assert amount_of(row, amount_read(query)) == wanted


# --- own orders and papers --------------------------------------------------------------------------
@pytest.fixture
def order(shop: World, monkeypatch: pytest.MonkeyPatch) -> Order:
    """The buyer's order with an invoice."""
    monkeypatch.setattr(issuing, "paper_pdf", lambda kind, payload, images, *, earlier: b"%PDF-1.7")
    cart = make_cart(shop.buyer, shop.contract, shop.city, {shop.skus[0]: 2})
    order = order_submit(
        actor=actor_of(shop.buyer),
        cart_id=cart.pk,
        delivery_address_id=shop.address.pk,
        comment="",
        client_reference="ЗК-905",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )
    order_confirm(order_id=order.pk, actor=actor_of(shop.manager), at=AT)
    return order


@pytest.mark.parametrize(
    "spelling", ["{number}", "заказ № {number}", "{short}", "в{short}", "{number}-1", "зк-905"]
)
def test_own_order_is_found_by_number(buyer: Client, order: Order, spelling: str) -> None:
    short = order.number.removeprefix("B").lstrip("0").rjust(2, "0")

    page = ask(buyer, spelling.format(number=order.number, short=short))

    assert f'href="{reverse("orders:detail", args=[order.pk])}"' in page


def test_good_is_found_by_the_code_of_ones_own_company(client: Client, shop: World) -> None:
    make_code(shop.holding, shop.skus[0], code="СВ-1077")
    address = reverse("catalog:product", args=[shop.skus[0].product_id])

    pages = {}
    for person in (shop.buyer, shop.other_buyer, shop.manager):
        client.force_login(person)
        results = client.get(reverse("catalog:index"), {"q": "св 1077"}).content.decode()
        pages[person] = [f'href="{address}"' in page for page in (ask(client, "св1077"), results)]

    assert pages == {shop.buyer: [True, True], shop.other_buyer: [False, False], shop.manager: [False, False]}


def test_page_of_results_tells_own_orders_and_papers_too(client: Client, shop: World, order: Order) -> None:
    invoice = invoice_issue(order_id=order.pk, at=AT)
    pages = {}
    for person in (shop.head, shop.other_buyer):
        client.force_login(person)
        pages[person] = [
            client.get(reverse("catalog:index"), {"q": text}).content.decode()
            for text in (order.number, f"счет № {invoice.number_print}", "анкер")
        ]

    addresses = reverse("orders:detail", args=[order.pk]), reverse("documents:download", args=[invoice.uid])
    own, of_a_stranger = pages[shop.head], pages[shop.other_buyer]
    assert [addresses[0] in own[0], addresses[1] in own[1], 'class="card numbered"' in own[2]] == [
        True,
        True,
        False,
    ]
    assert ['class="card numbered"' in page for page in of_a_stranger] == [False, False, False]


def test_orders_and_papers_of_others_are_never_told(client: Client, shop: World, order: Order) -> None:
    invoice = invoice_issue(order_id=order.pk, at=AT)
    Order.objects.filter(pk=order.pk).update(client_reference="77-1")
    strangers = (shop.other_buyer, shop.other_manager, make_user("Без клиента"))

    for person in (shop.buyer, shop.head, shop.manager):
        client.force_login(person)
        assert order.number in ask(client, order.number)
    for person in strangers:
        client.force_login(person)
        for text in (order.number, "77-1", "счёт 1", f"счет {invoice.number_print}"):
            page = ask(client, text).replace(text, "")
            assert order.number not in page
            assert str(invoice.uid) not in page


def test_own_paper_is_found_by_number(client: Client, shop: World, order: Order) -> None:
    invoice = invoice_issue(order_id=order.pk, at=AT)
    client.force_login(shop.head)

    page = ask(client, f"счет № {invoice.number_print}")

    assert reverse("documents:download", args=[invoice.uid]) in page
    assert str(invoice) in page


@pytest.mark.parametrize("count", [1, 3])
def test_orders_by_number_take_one_query(
    shop: World, order: Order, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count - 1):
        Order.objects.filter(pk=order.pk).update(client_reference="ЗК-905")
        order.pk, order.uid, order.idempotency_key = None, uuid4(), uuid4()
        order.number = f"B{8_000_000 + _:07d}"
        order.save(force_insert=True)
    actor = actor_of(shop.buyer)

    with django_assert_num_queries(1):
        found = orders_numbered(actor=actor, number="ЗК-905", most=5)

    assert len(found) == count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("B0000017", "B0000017"),
        ("заказ № 17", "17"),
        ("Счёт №УТ-15", "УТ-15"),
        ("болт м8х40", ""),
        ("болт", ""),
        ("1", ""),
        ("№ 1", "1"),
        ("№ один", ""),
    ],
)
def test_number_is_told_from_words(text: str, number: str) -> None:
    assert number_in(text) == number


# --- bad input, how many queries ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02\x1b[0m\u202e\ufeff",
        "а" * 5_000,
        "а1" * 2_500,
        "'; DROP TABLE orders_order; --",
        "%_\\%' OR 1=1 --",
        "(a+)+$" * 300,
        "№ ' 17",
        "<script>alert(1)</script>",
        "9" * 400,
        "B" + "9" * 18,
        "999999999 шт",
        "0 шт анкер",
        "\N{BILLIARDS}\N{BILLIARDS} 17",
    ],
)
def test_hostile_text_is_answered(buyer: Client, shop: World, text: str) -> None:
    settle()

    assert "<script>" not in ask(buyer, text)


def test_broken_bytes_are_answered(buyer: Client, shop: World) -> None:
    assert buyer.get(f"{ADDRESS}?q=%FF%FE%00%C0%80").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_takes_the_same_queries_whatever_it_offers(
    buyer: Client,
    shop: World,
    count: int,
    settled_index: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        make_sku(f"Сверло победитовое {number}", stock={shop.main_warehouse: 5}, unit=make_unit())
    settle()
    settled_index()
    ask(buyer, "сверло")

    with django_assert_num_queries(8):
        page = ask(buyer, "сверло")

    assert len(goods(page)) == count
