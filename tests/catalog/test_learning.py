"""What the search learns of pages: openings and carts out of results and of suggestions."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import ProductClickDay, SearchQueryDay
from tests.factories import World, make_sku

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
RESULTS = f"/catalog/?q={quote('болты')}"
ADD = reverse("orders:cart_add")


@pytest.fixture
def product(world: World) -> str:
    """Address of the bolt."""
    return reverse("catalog:product", args=[world.skus[0].product_id])


def counted() -> list[tuple[str, int, int, int]]:
    return list(SearchQueryDay.objects.order_by("text").values_list("text", "asked", "clicks", "carts"))


def next_of(page: str) -> list[str]:
    """Where the forms of goods lead back to."""
    return [unescape(address) for address in dict.fromkeys(re.findall(r'name="next" value="([^"]*)"', page))]


def test_results_count_what_is_opened_and_carted(buyer: Client, world: World, product: str) -> None:
    form = {"sku": world.skus[0].pk, "quantity": "1"}

    results = buyer.get(RESULTS, {"view": "list", "q": "болты"}).content.decode()
    buyer.post(ADD, {**form, "next": f"{RESULTS}&view=list"})
    opened = buyer.get(product, HTTP_REFERER=HOST + RESULTS).content.decode()
    address = next(address for address in next_of(opened) if "from=" in address)
    buyer.post(ADD, {**form, "next": address})

    assert any(address.startswith(RESULTS) for address in next_of(results))
    assert address == f"{product}?from={quote('болты')}"
    assert counted() == [("болты", 1, 1, 2)]


def test_suggestions_count_though_nothing_was_sent_off(buyer: Client, world: World, product: str) -> None:
    page = buyer.get(reverse("catalog:suggestions"), {"q": "болт"}).content.decode()
    (link,) = re.findall(r'class="suggest-good-link" href="([^"]*)"', page)
    (back,) = next_of(page)

    buyer.get(link, HTTP_REFERER=f"{HOST}/orders/")
    buyer.get(link)
    buyer.get(f"{link}&find=x", HTTP_REFERER=f"{HOST}{product}")
    buyer.post(ADD, {"sku": world.skus[0].pk, "quantity": "1", "next": back})

    assert link == f"{product}?from={quote('болт')}"
    assert counted() == [("болт", 0, 1, 1)]
    assert ProductClickDay.objects.get().clicks == 1


def test_sheet_of_quantities_counts_once_when_it_goes(buyer: Client, world: World) -> None:
    page = buyer.get(RESULTS, {"q": "болты", "view": "table"}).content.decode()
    told = dict(re.findall(r'name="(place|round)" value="([^"]*)"', page))
    sheet = {**told, "next": RESULTS, f"q-{world.skus[0].pk}": "2"}

    buyer.post(reverse("orders:picks"), {**sheet, "keep": "1"})
    kept = counted()
    buyer.post(reverse("orders:picks"), {**sheet, "to_cart": "1"})

    assert kept == [("болты", 1, 0, 0)]
    assert counted() == [("болты", 1, 0, 1)]


def test_many_characteristics_count_once(buyer: Client, world: World) -> None:
    sku = make_sku("Хомут", price=5, stock={world.main_warehouse: 5})

    buyer.post(reverse("orders:cart_fill"), {f"q-{sku.pk}": "2", "next": "/catalog/product/1/?from=хомут"})

    assert counted() == [("хомут", 0, 0, 1)]


@pytest.mark.parametrize(
    "back",
    ["", "/orders/", "/catalog/", "/catalog/?q=", "http://[", "/catalog/?q=89161234567", f"/?{'a=1&' * 99}"],
)
def test_cart_out_of_nothing_counts_for_nothing(buyer: Client, world: World, back: str) -> None:
    answer = buyer.post(ADD, {"sku": world.skus[0].pk, "quantity": "1", "next": back})

    assert answer.status_code == 302
    assert counted() == []


def test_refused_goods_count_for_nothing(buyer: Client, world: World) -> None:
    buyer.post(ADD, {"sku": world.skus[0].pk, "quantity": "-1", "next": RESULTS})

    assert counted() == []


def test_odd_referer_opens_the_page(buyer: Client, product: str) -> None:
    assert buyer.get(product, HTTP_REFERER="http://[").status_code == 200


def test_learning_costs_a_page_one_query(
    buyer: Client, world: World, product: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    buyer.get(product)

    with django_assert_num_queries(36):
        buyer.get(product)
    with django_assert_num_queries(37):
        buyer.get(product, HTTP_REFERER=HOST + RESULTS)
