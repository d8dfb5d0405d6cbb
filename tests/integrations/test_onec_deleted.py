"""Rows that somebody deleted by hand: 1C still knows them, and its next file makes them anew."""

import pytest

from catalog.models import Product, Property, Section, Sku, Stock, Warehouse
from integrations.models import ExchangeNode, ExternalId, ExternalKind, PendingOffer
from integrations.onec.loading.ids import ExternalIds
from pricing.models import Price, PriceType
from tests.integrations.onec_talk import OTHER, Talk, catalog, changes, good, offer, package

pytestmark = pytest.mark.django_db


def test_every_kind_of_id_has_its_rows(node: ExchangeNode) -> None:
    assert [ExternalIds(node.pk).known(kind) for kind in ExternalKind] == [{}] * len(ExternalKind)


@pytest.fixture
def loaded(talk: Talk) -> Talk:
    """A base with two goods, each with a price and with stock in two warehouses."""
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    talk.load("offers0_1.xml", package(offer(), offer(OTHER, name="Гайка")))
    return talk


def counted() -> tuple[int, ...]:
    models = (Product, Sku, Price, Stock, Section, Property, PriceType, Warehouse, ExternalId)
    return tuple(model.objects.count() for model in models)


def test_good_that_was_deleted_comes_back_whole(loaded: Talk) -> None:
    before = counted()
    gone = Product.objects.get(name="Гайка")
    gone.delete()

    goods = loaded.load("import0_2.xml", catalog(good(), good(OTHER, "Гайка")))
    offers = loaded.load("offers0_2.xml", package(offer(), offer(OTHER, name="Гайка")))

    assert (goods.startswith("success"), offers.startswith("success")) == (True, True)
    assert counted() == before
    assert Product.objects.get(name="Гайка").pk != gone.pk


def test_offer_of_a_deleted_good_waits_for_it(loaded: Talk) -> None:
    Product.objects.get(name="Гайка").delete()

    answer = loaded.load("offers0_2.xml", changes(offer(OTHER, name="")))
    waiting = PendingOffer.objects.count()
    loaded.load("import0_2.xml", catalog(good(OTHER, "Гайка")))

    assert answer.startswith("success")
    assert (waiting, PendingOffer.objects.count()) == (1, 0)
    assert Price.objects.filter(sku__product__name="Гайка").count() == 1


@pytest.mark.parametrize("model", [Sku, PriceType, Warehouse, Section, Property])
def test_whatever_was_deleted_is_made_anew(loaded: Talk, model: type[Sku]) -> None:
    before = counted()
    Price.objects.all().delete()
    Stock.objects.all().delete()
    for row in model.objects.order_by("-pk"):  # sections below go before those above
        row.delete()

    answers = [
        loaded.load("import0_2.xml", catalog(good(), good(OTHER, "Гайка"))),
        loaded.load("offers0_2.xml", package(offer(), offer(OTHER, name="Гайка"))),
    ]

    assert [answer.startswith("success") for answer in answers] == [True, True], answers
    assert counted() == before
