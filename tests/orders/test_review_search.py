"""Search among reviews: only what everybody may read, linked to its goods."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import Product, Sku
from orders.models import Order, Review
from orders.selectors.review_search import review_hits, reviews_counted
from orders.states import ReviewState
from tests.factories import AT, World, make_person
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db

ADDRESS = reverse("orders:review_search")
PUBLISHED = ReviewState.PUBLISHED


@pytest.fixture
def order(world: World) -> Order:
    return make_order(world.buyer, world.contract, world, {world.skus[0]: 1})


def make(
    world: World, order: Order, text: str, *, sku: Sku | None = None, state: str = "published"
) -> Review:
    return Review.objects.create(
        product=(sku or world.skus[0]).product,
        author=make_person(world.holding, full_name="Иванов Пётр"),
        order=order,
        rating=4,
        text=text,
        state=state,
        reason="Спам" if state == ReviewState.REJECTED else "",
        created_at=AT,
        published_at=AT if state == PUBLISHED else None,
    )


@pytest.fixture
def buyer(client: Client, world: World) -> Client:
    client.force_login(world.other_buyer)
    return client


def ask(client: Client, **query: str) -> str:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="review-(\d+)"', page)]


@pytest.mark.parametrize("query", ["резьба", "резьбы", "резба", "htpm,f"])
def test_review_is_found_and_leads_to_its_goods(
    buyer: Client, world: World, order: Order, query: str
) -> None:
    review = make(world, order, "Отличная резьба, без заусенцев")
    make(world, order, "Всё хорошо")

    page = ask(buyer, q=query)

    assert shown(page) == [review.pk]
    assert "<mark>резьба</mark>" in page
    assert f"{reverse('catalog:product', args=[review.product_id])}#reviews" in page
    assert "Пётр" in page
    assert "Иванов" not in page


def test_only_published_reviews_of_goods_on_sale_are_found(buyer: Client, world: World, order: Order) -> None:
    for state in (ReviewState.PENDING, ReviewState.REJECTED):
        make(world, order, "Резьба сорвана", state=state)
    hidden = make(world, order, "Резьба целая", sku=world.skus[1])

    before = shown(ask(buyer, q="резьба"))
    Product.objects.filter(pk=world.skus[1].product_id).update(is_hidden=True)

    assert before == [hidden.pk]
    assert shown(ask(buyer, q="резьба")) == []
    assert shown(ask(buyer)) == []
    assert reviews_counted(catalog_index(), "резьба") == 0


def test_name_of_the_goods_answers_after_the_words(buyer: Client, world: World, order: Order) -> None:
    named = make(world, order, "Всё хорошо")
    Product.objects.filter(pk=named.product_id).update(name="Шпилька резьбовая")
    told = make(world, order, "Беру вместо шпильки", sku=world.skus[1])

    assert shown(ask(buyer, q="шпилька")) == [told.pk, named.pk]

    Product.objects.filter(pk=named.product_id).update(name="Струбцина")

    assert shown(ask(buyer, q="струбцины")) == [named.pk]


def test_without_words_the_newest_stand_first(buyer: Client, world: World, order: Order) -> None:
    assert "Отзывов пока нет" in ask(buyer)
    first, second = (make(world, order, text) for text in ("Первый", "Второй"))

    assert shown(ask(buyer, page="x")) == [second.pk, first.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_the_same_queries(
    world: World, order: Order, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make(world, order, f"Резьба {number}")
    index = catalog_index()
    reviews_counted(index, "резьба")

    with django_assert_num_queries(0):
        assert reviews_counted(index, "резьбы") == rows
    with django_assert_num_queries(1):
        assert len(review_hits(index, "резьбы").rows) == rows
    with django_assert_num_queries(2):
        assert len(review_hits(index, "").rows) == rows
