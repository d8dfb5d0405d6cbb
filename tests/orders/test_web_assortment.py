"""«Мой ассортимент» as a browser meets it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product, Sku
from counterparties.models import Contract, ContractState
from orders.models import CartLine
from portal.lib.dates import moscow_date
from tests.factories import World, make_person
from tests.orders.purchases import bought

ADDRESS = reverse("orders:assortment")


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def client(world: World) -> Client:
    """The buyer, who has ordered five bolts and two books today."""
    bought(world, moscow_date(timezone.now()), {world.skus[0]: 5, world.skus[2]: 2})
    return browser(world.buyer)


def form(ticked: list[Sku], quantities: dict[Sku, str]) -> dict[str, Any]:
    return {"take": [sku.pk for sku in ticked]} | {f"q-{sku.pk}": text for sku, text in quantities.items()}


def in_cart() -> dict[int, Decimal]:
    return dict(CartLine.objects.values_list("sku_id", "quantity"))


def test_page_offers_the_usual_quantity(world: World, client: Client) -> None:
    page = client.get(ADDRESS).content.decode()

    assert "Болт М8х40" in page
    assert f'name="q-{world.skus[0].pk}" value="5"' in page
    assert f'name="q-{world.skus[2].pk}" value="2"' in page
    assert "Кабель" not in page


def test_page_without_orders_says_what_to_do(world: World) -> None:
    page = browser(world.other_buyer).get(ADDRESS).content.decode()

    assert "Вы ещё ничего не заказывали" in page
    assert "Перейти в каталог" in page


def test_search_that_finds_nothing_says_so(client: Client) -> None:
    assert "Ничего не найдено" in client.get(ADDRESS, {"q": "трактор"}).content.decode()


def test_only_ticked_rows_go_to_the_cart(world: World, client: Client) -> None:
    bolt, _cable, book = world.skus

    answer = client.post(f"{ADDRESS}?sort=name&page=1", form([bolt], {bolt: "7", book: "2"}))

    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}?sort=name&page=1")
    assert in_cart() == {bolt.pk: Decimal(7)}


def test_what_is_no_number_refuses_all_and_stays_typed(world: World, client: Client) -> None:
    bolt, _cable, book = world.skus

    answer = client.post(ADDRESS, form([bolt, book], {bolt: "пять", book: "2"}))

    page = answer.content.decode()
    assert (answer.status_code, in_cart()) == (422, {})
    assert 'value="пять"' in page
    assert "Укажите количество числом" in page
    assert page.count("checked") == 2


@pytest.mark.parametrize("ticked", [[], [0]])
def test_nothing_to_take_is_told(world: World, client: Client, ticked: list[int]) -> None:
    bolt = world.skus[0]

    answer = client.post(ADDRESS, form([bolt][: len(ticked)], {bolt: "" if ticked else "5"}))

    assert (answer.status_code, in_cart()) == (422, {})
    assert "Отметьте товары и укажите количество" in answer.content.decode()


def test_goods_off_sale_cannot_be_ticked_and_are_named_when_sent(world: World, client: Client) -> None:
    bolt, _cable, book = world.skus
    Product.objects.filter(pk=bolt.product_id).update(is_hidden=True)

    page = client.get(ADDRESS).content.decode()
    client.post(ADDRESS, form([bolt, book], {bolt: "5", book: "2"}))

    assert "снято с продажи" in page
    assert f'name="take" value="{bolt.pk}"' not in page
    assert in_cart() == {book.pk: Decimal(2)}


def test_closed_contract_leaves_the_list_and_refuses_orders(world: World, client: Client) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)
    bolt = world.skus[0]

    page = client.get(ADDRESS).content.decode()
    answer = client.post(ADDRESS, form([bolt], {bolt: "5"}))

    assert "Болт М8х40" in page
    assert 'name="take"' not in page
    assert (answer.status_code, in_cart()) == (422, {})


def test_unknown_goods_are_not_found(world: World, client: Client) -> None:
    answer = client.post(ADDRESS, {"take": ["999999"], "q-999999": "1"})

    assert (answer.status_code, in_cart()) == (404, {})


@pytest.mark.parametrize(
    "query",
    [
        {"page": "abc"},
        {"page": "-1"},
        {"page": "1" + "0" * 20},
        {"section": "1" + "0" * 20},
        {"section": "17"},
        {"sort": "'; DROP"},
        {"q": "\x00%_\\'\""},
        {"due": "1"},
    ],
)
def test_page_bears_any_query(client: Client, query: dict[str, str]) -> None:
    assert client.get(ADDRESS, query).status_code == 200


@pytest.mark.parametrize("goods", [1, 3])
def test_page_asks_the_database_the_same(world: World, goods: int, django_assert_num_queries: Any) -> None:
    person = make_person(world.holding)
    bought(world, moscow_date(timezone.now()), dict.fromkeys(world.skus[:goods], 1), person=person)
    client = browser(person)
    client.get(ADDRESS)

    with django_assert_num_queries(14):
        client.get(ADDRESS)
