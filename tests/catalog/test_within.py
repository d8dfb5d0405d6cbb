"""Search inside the page of a product: what it finds, what of it is shown, to whom."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product, Property
from orders.models import Review
from orders.states import ReviewState
from tests.catalog.samples import make_paper, make_property
from tests.factories import AT, World, make_person
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(world: World) -> Product:
    """A perforator with properties, papers, a description and reviews."""
    product = world.skus[0].product
    product.description = "<p>Ударный <b>механизм</b> с виброгашением.</p>"
    product.save(update_fields=["description"])
    make_property(product, "Мощность, Вт", "800")
    make_property(product, "Тип патрона", "SDS-plus")
    make_property(product, "Закупка", "Патрон старый", is_hidden=True)
    make_paper(product, number="RU-77")
    return product


def write(world: World, text: str, state: str = ReviewState.PUBLISHED) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    Review.objects.create(
        product=world.skus[0].product, author=make_person(world.holding, full_name="Иванов Пётр"),
        order=order, rating=5, text=text, state=state, created_at=AT, published_at=AT,
    )  # fmt: skip


def find(client: Client, product: Product, text: str) -> str:
    page = client.get(reverse("catalog:product", args=[product.pk]), {"find": text}).content.decode()
    found = re.search(r'<section class="card product-found".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def sought(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark>(.*?)</mark>", page)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("патроны", ["патрона"]),
        ("потрон", ["патрона"]),
        ("gfnhjy", ["патрона"]),
        ("sds", ["SDS-plus"]),
        ("800 вт", ["800"]),
        ("0.8 квт", ["800"]),
        ("800 ватт", ["800"]),
        ("сертификаты", ["Сертификат"]),
        ("ru-77", ["RU-77"]),
        ("виброгашение", ["виброгашением"]),
    ],
)
def test_words_are_found_and_marked(buyer: Client, product: Product, query: str, words: list[str]) -> None:
    assert sought(find(buyer, product, query)) == words


def test_reviews_of_the_product_are_found(buyer: Client, product: Product, world: World) -> None:
    write(world, "Бур держит крепко")
    write(world, "Бур выпал", ReviewState.PENDING)

    page = find(buyer, product, "буры")

    assert sought(page) == ["Бур"]
    assert "Пётр" in page
    assert "выпал" not in page


def test_what_is_not_shown_is_not_found(
    buyer: Client, client: Client, product: Product, world: World
) -> None:
    make_paper(product, number="XX-13", valid_until=timezone.localdate() - timedelta(days=1))
    client.force_login(world.buyer)

    assert "нет: «старый»" in find(client, product, "старый")
    assert sought(find(client, product, "xx-13")) == []
    client.force_login(world.manager)
    assert sought(find(client, product, "xx-13")) == ["XX-13"]


def test_field_is_there_only_where_there_is_something(buyer: Client, product: Product) -> None:
    Property.objects.all().delete()
    own = buyer.get(reverse("catalog:product", args=[product.pk])).content.decode()
    Product.objects.update(description="")
    product.papers.all().delete()
    bare = buyer.get(reverse("catalog:product", args=[product.pk])).content.decode()

    assert ('name="find"' in own, "product-found" in own) == (True, False)
    assert 'name="find"' not in bare


def test_search_takes_one_query_more(
    buyer: Client, product: Product, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write(world, "Бур")
    target = reverse("catalog:product", args=[product.pk])
    buyer.get(target, {"find": "бур"})

    with django_assert_num_queries(37):
        buyer.get(target)
    with django_assert_num_queries(38):
        buyer.get(target, {"find": "бур"})


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\x00", "а" * 5_000, "(a+)+$" * 300])
def test_hostile_text_is_answered(buyer: Client, product: Product, text: str) -> None:
    assert "<script>alert" not in find(buyer, product, text)
