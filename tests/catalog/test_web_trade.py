"""What a trader looks for on the page of a product: papers, applications, analogs, history, many at once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.masks import StockMask
from catalog.models import (
    AbsentPolicy,
    Application,
    City,
    PaperKind,
    Product,
    ProductApplication,
    ProductRelation,
    RelationKind,
    Stock,
)
from counterparties.models import ClientGroup, Holding
from orders.models import CartLine
from tests.catalog.samples import PDF, make_paper, make_property, make_section
from tests.factories import (
    World,
    make_city,
    make_product,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def page_of(client: Client, product: Product) -> str:
    return client.get(reverse("catalog:product", args=[product.pk])).content.decode()


def relate(product: Product, related: Product, kind: str = RelationKind.ANALOG, note: str = "") -> None:
    ProductRelation.objects.create(product=product, related=related, kind=kind, note=note)


def related_names(page: str, block: str) -> list[str]:
    found = re.search(rf'<section class="card related" id="{block}">(.*?)</section>', page, re.DOTALL)
    return re.findall(r'related-name"><a [^>]*>([^<]*)<', found[1]) if found else []


# --- papers -----------------------------------------------------------------------------------------
def test_papers_in_force_are_shown_and_expired_ones_to_employees_only(client: Client, world: World) -> None:
    product = world.skus[0].product
    today = timezone.localdate()
    make_paper(product, valid_until=today, number="В-1")
    expired = make_paper(product, valid_until=today - timedelta(days=1), number="В-2")
    make_paper(product, PaperKind.INSTRUCTION, number="В-3")

    client.force_login(world.buyer)
    clients_page = page_of(client, product)
    clients_file = client.get(reverse("catalog:paper", args=[expired.pk]))
    client.force_login(world.manager)
    managers_page = page_of(client, product)
    managers_file = client.get(reverse("catalog:paper", args=[expired.pk]))
    managers_file.close()

    assert re.findall("№ (В-.)", clients_page) == ["В-1", "В-3"]
    assert clients_file.status_code == 404
    assert re.findall("№ (В-.)", managers_page) == ["В-1", "В-2", "В-3"]
    assert "клиентам не показан" in managers_page
    assert managers_file.status_code == 200


def test_paper_is_downloaded_under_its_name_and_never_sniffed(buyer: Client, world: World) -> None:
    paper = make_paper(world.skus[0].product, number="ЕАЭС 12/3")

    answer = buyer.get(reverse("catalog:paper", args=[paper.pk]))

    assert b"".join(answer) == PDF + "ЕАЭС 12/3".encode()  # type: ignore[arg-type]
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "private" in answer["Cache-Control"]


def test_paper_whose_file_is_lost_is_not_found(buyer: Client, world: World, settings: object) -> None:
    paper = make_paper(world.skus[0].product)
    for path in settings.FILES_ROOT.rglob("*.pdf"):  # type: ignore[attr-defined]
        path.unlink()

    assert buyer.get(reverse("catalog:paper", args=[paper.pk])).status_code == 404


# --- what it fits, where it stands ------------------------------------------------------------------
def test_applications_are_told_with_their_years(buyer: Client, world: World) -> None:
    product = world.skus[0].product
    fits = Application.objects.create(kind="Погрузчик", make="Тягач", model="Т-25", year_from=2015)
    ProductApplication.objects.create(product=product, application=fits, note="задняя ось")

    page = page_of(buyer, product)

    assert "<td>Погрузчик</td><td>Тягач Т-25" in page
    assert "задняя ось" in page
    assert "с 2015" in page


def test_all_places_in_the_trees_are_told(buyer: Client, world: World) -> None:
    make_section("Крепёж", goods=[world.skus[0]])
    make_section("По применению", goods=[world.skus[0]])

    page = page_of(buyer, world.skus[0].product)

    places = re.findall(r'<span class="place"><a [^>]*>([^<]*)</a>', page)
    assert places == ["Крепёж", "По применению"]


# --- related goods ----------------------------------------------------------------------------------
def test_analogs_go_both_ways_those_in_stock_first_then_the_cheap(buyer: Client, world: World) -> None:
    own = world.skus[0].product
    dear = make_sku("Дорогой", price=500, stock={world.main_warehouse: 900})
    cheap = make_sku("Дешевый", price=90, stock={world.main_warehouse: 1})
    absent = make_sku("Кончился", price=10, stock={world.main_warehouse: 0})
    on_request = make_sku("По запросу", price=None, stock={world.main_warehouse: 5})
    hidden = make_sku(product=make_product("Скрытый", is_hidden=True), stock={world.main_warehouse: 5})
    for sku in (absent, on_request, dear, hidden):
        relate(own, sku.product)
    relate(cheap.product, own)

    page = page_of(buyer, own)

    assert related_names(page, "analogs") == ["Дешевый", "Дорогой", "По запросу", "Кончился"]
    assert related_names(page_of(buyer, dear.product), "analogs") == [str(own)]


def test_accessory_and_newer_version_go_one_way(buyer: Client, world: World) -> None:
    own, accessory, newer = (sku.product for sku in world.skus)
    relate(own, accessory, RelationKind.ACCESSORY)
    relate(own, newer, RelationKind.NEWER, "без свинца")

    page = page_of(buyer, own)

    assert related_names(page, "together") == [str(accessory)]
    assert re.search(r"Есть новая версия: <a [^>]*>Книга учёта</a>, без свинца", page)
    assert related_names(page_of(buyer, accessory), "together") == []
    assert "новая версия" not in page_of(buyer, newer)


def test_related_product_of_many_characteristics_is_chosen_on_its_page(buyer: Client, world: World) -> None:
    product = make_product("Провод")
    make_sku(product=product, characteristic="белый", price=30, stock={world.main_warehouse: 4})
    make_sku(product=product, characteristic="синий", price=20, stock={world.main_warehouse: 3})
    relate(world.skus[0].product, product)

    page = page_of(buyer, world.skus[0].product)

    assert related_names(page, "analogs") == ["Провод"]
    assert "от </span>" in page
    assert "20,00" in page
    assert "7&nbsp;шт" in page
    assert ">Выбрать</a>" in page


def test_product_out_of_the_city_opens_with_analogs_and_says_when_it_comes(
    buyer: Client, world: World
) -> None:
    own = make_sku("Анкер", stock={world.main_warehouse: 0})
    soon = timezone.localdate() + timedelta(days=12)
    Stock.objects.filter(sku=own).update(expected=120, expected_date=soon)
    relate(own.product, world.skus[0].product)

    page = page_of(buyer, own.product)

    assert f"Ожидается 120&nbsp;шт к {soon:%d.%m}" in page
    assert page.index('id="analogs"') < page.index('class="gallery')
    assert related_names(page, "analogs") == ["Болт М8х40"]


def test_product_to_order_tells_the_days_of_the_city(buyer: Client, world: World) -> None:
    City.objects.filter(pk=world.city.pk).update(absent_policy=AbsentPolicy.TO_ORDER, order_days=9)
    kept = make_sku("Анкер", stock={world.main_warehouse: 0})
    foreign = make_sku("Дюбель", stock={make_warehouse(make_city("Казань")): 5})

    assert "Под заказ, срок 9 дн." in page_of(buyer, kept.product)
    assert "Под заказ" not in page_of(buyer, foreign.product)


# --- before -----------------------------------------------------------------------------------------
def test_page_tells_what_we_have_ordered_and_nobody_elses(client: Client, world: World) -> None:
    sku = world.skus[0]
    order = make_order(world.buyer, world.contract, world, {sku: 4})
    foreign = make_order(world.other_buyer, world.other_contract, world, {sku: 3})

    client.force_login(world.buyer)
    page = page_of(client, sku.product)

    assert "Мы заказывали" in page
    assert order.number in page
    assert "4&nbsp;шт" in page
    assert foreign.number not in page


# --- how exactly stock is told ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mask", "told"),
    [
        (StockMask.EXACT, ["37&nbsp;шт", "3&nbsp;шт"]),
        (StockMask.OVER_10, ["&gt;10&nbsp;шт", "3&nbsp;шт"]),
        (StockMask.WORDS, ["много", "мало"]),
    ],
)
def test_client_sees_stock_as_exactly_as_his_group_may(
    client: Client, world: World, mask: StockMask, told: list[str]
) -> None:
    group = ClientGroup.objects.create(name="Розница", stock_mask=mask)
    Holding.objects.filter(pk=world.holding.pk).update(group=group)
    sku = make_sku("Анкер", stock={world.main_warehouse: 37, world.second_warehouse: 3})

    client.force_login(world.buyer)
    page = page_of(client, sku.product)
    client.force_login(world.manager)
    managers = page_of(client, sku.product)

    assert re.findall(r'<td class="number">([^<]*)<', page) == told
    assert re.findall(r'<td class="number">([^<]*)<', managers) == ["37&nbsp;шт", "3&nbsp;шт"]


# --- many at once -----------------------------------------------------------------------------------
def test_characteristics_of_two_axes_are_a_table_with_one_submit(buyer: Client, world: World) -> None:
    product = make_product("Болт")
    skus = {
        name: make_sku(product=product, characteristic=name, stock={world.main_warehouse: 9})
        for name in ("М8, 40", "М8, 60", "М10, 40", "М10, 60")
    }

    page = page_of(buyer, product)

    assert re.findall(r'<th scope="col">([^<]*)<', page) == ["40", "60"]
    assert re.findall(r'<th scope="row">([^<]*)<', page) == ["М8", "М10"]
    assert [int(pk) for pk in re.findall(r'name="q-(\d+)"', page)] == [sku.pk for sku in skus.values()]
    assert page.count("data-added-clears") == 1


def test_one_submit_adds_all_that_was_typed(buyer: Client, world: World) -> None:
    first, second, third = world.skus
    fields = {f"q-{first.pk}": "2", f"q-{second.pk}": " 1,5 ", f"q-{third.pk}": "", "q-x": "7"}
    second.product.unit.code = "006"
    second.product.unit.save()

    answer = buyer.post(reverse("orders:cart_fill"), fields, **HTMX)

    assert answer.status_code == 200
    assert 'id="cart-badge" hx-swap-oob="true">2<' in answer.content.decode()
    assert dict(CartLine.objects.values_list("sku_id", "quantity")) == {
        first.pk: Decimal(2), second.pk: Decimal("1.5"),
    }  # fmt: skip


def test_submit_without_scripts_comes_back_to_the_page(buyer: Client, world: World) -> None:
    here = reverse("catalog:product", args=[world.skus[0].product_id])

    answer = buyer.post(reverse("orders:cart_fill"), {f"q-{world.skus[0].pk}": "2", "next": here})

    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    assert "Добавлено в корзину позиций: 1." in buyer.get(here).content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({}, "хотя бы у одной"),
        ({"0": "0", "1": " "}, "хотя бы у одной"),
        ({"0": "2", "1": "много"}, "числом"),
        ({"1": "-1"}, "больше нуля"),
    ],
)
def test_wrong_quantity_adds_nothing(buyer: Client, world: World, typed: dict[str, str], reason: str) -> None:
    fields = {f"q-{world.skus[int(number)].pk}": text for number, text in typed.items()}

    answer = buyer.post(reverse("orders:cart_fill"), fields, **HTMX)

    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not CartLine.objects.exists()


def test_what_is_no_longer_sold_is_named_and_the_rest_is_added(buyer: Client, world: World) -> None:
    gone = make_sku(product=make_product("Анкер", is_hidden=True))

    both = buyer.post(
        reverse("orders:cart_fill"), {f"q-{gone.pk}": "1", f"q-{world.skus[0].pk}": "1"}, **HTMX
    )
    alone = buyer.post(reverse("orders:cart_fill"), {f"q-{gone.pk}": "1"}, **HTMX)
    forged = buyer.post(reverse("orders:cart_fill"), {"q-999999999": "1"})

    assert (both.status_code, alone.status_code, forged.status_code) == (200, 422, 404)
    assert "Не добавлено: Анкер (снято с продажи)." in both.content.decode()
    assert CartLine.objects.count() == 1


# --- queries ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_product_page_takes_the_same_queries_whatever_its_rows(
    buyer: Client, world: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = make_product("Провод")
    make_section("Провода", goods=[_with_everything(product, world, number) for number in range(rows)])
    page_of(buyer, product)

    with django_assert_num_queries(38):
        page = page_of(buyer, product)

    assert len(related_names(page, "analogs")) == rows


def _with_everything(product: Product, world: World, number: int) -> object:
    sku = make_sku(product=product, characteristic=f"цвет {number}")
    make_stock(sku, world.main_warehouse, 5)
    make_paper(product, number=str(number))
    make_property(product, f"Свойство {number}", "да")
    fits = Application.objects.create(kind=f"Объект {number}")
    ProductApplication.objects.create(product=product, application=fits)
    relate(product, make_sku(f"Аналог {number}", stock={world.main_warehouse: 1}).product)
    make_order(world.buyer, world.contract, world, {sku: 1})
    return sku
