"""Where else the words of a search find something: told on each of its pages, at next to no cost."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import Article
from orders.models import Review
from tests.factories import AT, World, make_person
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db

GOODS, ARTICLES, REVIEWS = (
    reverse(name) for name in ("catalog:index", "articles:list", "orders:review_search")
)


def write_article() -> None:
    Article.objects.create(
        title="О болтах", slug="bolts", body="<p>.</p>", is_published=True, published_at=AT
    )


def write_review(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    for _ in range(2):
        Review.objects.create(
            product=world.skus[0].product, author=make_person(world.holding), order=order, rating=5,
            text="Болт как болт", state="published", created_at=AT, published_at=AT,
        )  # fmt: skip


def scopes_on(page: str) -> list[tuple[str, str, str]]:
    """Address, title and number of each scope."""
    nav = re.search(r'<nav class="segments scopes".*?</nav>', page, re.DOTALL)
    links = re.findall(r'href="([^"]*)"[^>]*>(.*?)</a>', nav[0]) if nav else []
    return [
        (unescape(address), *[*re.sub(r"<[^>]*>", "", title).split(), ""][:2]) for address, title in links
    ]


def ask(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode()


def test_scopes_are_told_only_where_there_is_something(buyer: Client, world: World) -> None:
    alone = scopes_on(ask(buyer, GOODS, q="болты"))
    write_article()
    with_article = scopes_on(ask(buyer, GOODS, q="болты"))
    write_review(world)
    both = scopes_on(ask(buyer, GOODS, q="болты"))

    query = f"?q={quote('болты')}"
    assert alone == []
    assert with_article == [(GOODS + query, "Товары", ""), (ARTICLES + query, "Статьи", "1")]
    assert both == [*with_article, (REVIEWS + query, "Отзывы", "2")]
    assert scopes_on(ask(buyer, ARTICLES, q="болты")) == both
    assert scopes_on(ask(buyer, REVIEWS, q="болты")) == both
    assert scopes_on(ask(buyer, GOODS, q="гвоздодёр")) == []


def test_place_one_is_in_is_told_be_it_empty(buyer: Client, world: World) -> None:
    write_article()

    page = ask(buyer, ARTICLES, q="гвоздодёр")

    assert [title for _address, title, _count in scopes_on(page)] == ["Товары", "Статьи"]
    assert 'aria-current="page">Статьи' in page


def test_literal_search_stays_literal(buyer: Client, world: World) -> None:
    write_article()

    assert scopes_on(ask(buyer, GOODS, q="балты", exact="1")) == []
    assert scopes_on(ask(buyer, GOODS, q="болты", exact="1"))[1] == (
        f"{ARTICLES}?q={quote('болты')}&exact=1", "Статьи", "1",
    )  # fmt: skip


@pytest.mark.parametrize("has_texts", [False, True])
def test_results_take_no_query_more_for_them(
    buyer: Client,
    world: World,
    has_texts: bool,
    settled_index: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    if has_texts:
        write_article()
        write_review(world)
    settled_index()
    ask(buyer, GOODS, q="болт")

    with django_assert_num_queries(10):
        page = ask(buyer, GOODS, q="болт")

    assert bool(scopes_on(page)) is has_texts
