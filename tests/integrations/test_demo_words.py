"""Articles, the search's dictionary and reviews of the demonstration: of known goods and people, once."""

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from catalog.models import (
    Article,
    City,
    Product,
    SearchPin,
    SearchQueryDay,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SuggestedPhrase,
)
from integrations.demo import fiction
from integrations.demo.company import company_fill, contract_of
from integrations.demo.fiction.articles import ARTICLES
from integrations.demo.fiction.dictionary import PINS, SECTION_REDIRECTS
from integrations.demo.fiction.reviews import REVIEWS
from integrations.demo.kinds import KINDS
from integrations.demo.reviews import reviews_fill
from integrations.demo.words import words_fill
from orders.models import Order, Review
from orders.states import ReviewState
from pricing.models import ContractPricing
from tests.catalog.samples import make_section
from tests.factories import make_price_type, make_sku, make_warehouse

pytestmark = pytest.mark.django_db

WORDS: tuple[type[models.Model], ...] = (
    Article, SearchPin, SearchQueryDay, SearchRedirect, SearchStopWord, SearchSynonym, SuggestedPhrase,
)  # fmt: skip


def make_goods(*kinds: str, stock: int = 50) -> None:
    """One good of each kind in every city at a price of every contract."""
    open_price = make_price_type("Оптовая")
    houses = {make_warehouse(city, name=f"Склад: {city.name}"): stock for city in City.objects.all()}
    for kind in kinds:
        sku = make_sku(kind, price=100, price_type=open_price, stock=houses)
        Product.objects.filter(pk=sku.product_id).update(kind=kind)
    for data in fiction.CONTRACTS:
        ContractPricing.objects.create(contract=contract_of(data), price_type=open_price)


def test_fiction_speaks_of_known_goods_sections_and_people() -> None:
    kinds = {kind.short for kind in KINDS}
    sections = {name for kind in KINDS for name in kind.path}

    assert {data.goods for data in REVIEWS} | {kind for _query, kind in PINS} <= kinds
    assert {kind for data in ARTICLES for kind in data.goods} <= kinds
    assert {name for data in ARTICLES for name in data.sections} <= sections
    assert {name for _query, name in SECTION_REDIRECTS} <= sections
    assert {data.author for data in REVIEWS} <= {
        person.email for person in fiction.PEOPLE if person.role in ("buyer", "head")
    }
    assert all(data.body.startswith("<p>") for data in ARTICLES)


def test_words_are_written_once() -> None:
    company_fill()
    make_goods("Кабель ВВГнг(А)-LS", "Автоматы модульные")
    make_section("Крепёж")
    make_section("Силовой кабель")

    words_fill()
    once = {model: model._default_manager.count() for model in WORDS}
    SearchSynonym.objects.filter(phrase="пилот").update(meaning="фильтр", normal_meaning="фильтр")
    words_fill()

    assert once[Article] == len(ARTICLES)
    assert Article.objects.filter(is_published=False).count() == 1
    assert [pin.query for pin in SearchPin.objects.order_by("pk")] == ["кабель", "автомат"]
    assert SearchRedirect.objects.filter(section__isnull=False).count() == 1
    assert {model: model._default_manager.count() for model in WORDS} == {
        **once,
        SearchSynonym: once[SearchSynonym] + 1,
    }


def test_reviews_of_all_states_are_of_what_was_bought() -> None:
    company_fill()
    make_goods(*{data.goods for data in REVIEWS})

    reviews_fill()
    reviews_fill()

    states = [
        ReviewState.REJECTED
        if data.reason
        else ReviewState.PUBLISHED
        if data.is_read
        else ReviewState.PENDING
        for data in REVIEWS
    ]
    written = Review.objects.order_by("pk")
    assert [review.state for review in written] == states
    assert [review.text for review in written] == [data.text for data in REVIEWS]
    assert Order.objects.count() == len({data.author for data in REVIEWS})
    assert all(review.order.holding_id for review in written.select_related("order"))


def test_what_the_city_has_not_is_not_written_of() -> None:
    company_fill()
    make_goods("Насосы", stock=0)

    reviews_fill()

    assert (Review.objects.count(), Order.objects.count()) == (0, 0)


def test_pages_of_the_search_have_something_to_show(client: Client) -> None:
    company_fill()
    make_goods(*{data.goods for data in REVIEWS})
    words_fill()
    reviews_fill()
    client.force_login(Order.objects.earliest("pk").created_by)

    page = client.get(reverse("catalog:index"), {"q": "кабель"}).content.decode()

    assert 'class="segments scopes"' in page
    assert "Статьи" in page
    assert "Отзывы" in page
