"""From which quantities goods cost less."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Sku
from pricing.selectors import LadderStep, price_ladder, price_ladders
from pricing.terms import PriceTerms
from tests.factories import make_city, make_contract, make_price_type, make_product, make_sku
from tests.pricing.samples import make_agreed, make_rule, make_step, terms_of

pytestmark = pytest.mark.django_db


def told(steps: tuple[LadderStep, ...]) -> list[tuple[Decimal, Decimal | None]]:
    return [(step.from_quantity, step.quote.amount if step.quote else None) for step in steps]


def make_priced(*steps: tuple[int | str, int | str]) -> tuple[Sku, PriceTerms]:
    """A sku with a ladder of one price type, and the terms of a contract that buys at it."""
    price_type = make_price_type("Опт")
    sku = make_sku(price=None)
    for quantity, amount in steps:
        make_step(sku, price_type, quantity, amount)
    return sku, terms_of(make_contract(), make_city("Казань", price_type=price_type))


def test_ladder_joins_prices_rules_and_agreements() -> None:
    sku, terms = make_priced((0, 100), (10, 90), (50, 90))
    make_rule(10, minimum_quantity=20)
    make_rule(20, minimum_quantity=100, is_active=False)
    contract = make_contract()
    make_agreed(contract, sku, 50, quantity=30)

    ladder = told(price_ladder(sku_id=sku.pk, terms=terms))
    of_contract = told(
        price_ladder(sku_id=sku.pk, terms=terms_of(contract, make_city("Омск", price_type=None)))
    )

    assert ladder == [(1, 100), (10, 90), (20, 81)]
    assert of_contract == [(30, 50)]


def test_ladder_begins_where_there_is_a_price_and_tells_where_it_ends() -> None:
    sku, terms = make_priced((10, 90), (100, 0))

    assert told(price_ladder(sku_id=sku.pk, terms=terms)) == [(10, 90), (100, None)]


def test_ladder_of_one_price_is_one_step() -> None:
    sku, terms = make_priced((0, 90), ("0.5", 95), (5, 95))

    assert told(price_ladder(sku_id=sku.pk, terms=terms)) == [(1, 95)]


def test_no_price_is_no_ladder() -> None:
    sku, terms = make_priced()

    assert price_ladder(sku_id=sku.pk, terms=terms) == ()
    assert price_ladder(sku_id=sku.pk, terms=None) == ()
    assert price_ladder(sku_id=10**9, terms=terms) == ()


def test_ladder_of_a_characteristic_falls_back_to_the_product() -> None:
    price_type = make_price_type("Опт")
    product = make_product()
    base = make_sku(product=product, price=100, price_type=price_type)
    make_step(base, price_type, 10, 80)
    white = make_sku(product=product, characteristic="белый", price=None)

    ladder = price_ladder(sku_id=white.pk, terms=terms_of(None, make_city("Казань", price_type=price_type)))

    assert told(ladder) == [(1, 100), (10, 80)]


@pytest.mark.parametrize("goods", [1, 3])
def test_ladders_take_three_queries(goods: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    price_type = make_price_type("Опт")
    skus = [make_sku(price=100, price_type=price_type) for _number in range(goods)]
    terms = terms_of(make_contract(), make_city("Казань", price_type=price_type))
    make_rule(10, minimum_quantity=5)

    with django_assert_num_queries(3):
        found = price_ladders(sku_ids=[sku.pk for sku in skus], terms=terms)

    assert [told(found[sku.pk]) for sku in skus] == [[(1, 100), (5, 90)]] * goods
