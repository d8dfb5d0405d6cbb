"""How low a price may go."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from pricing.models import PriceType
from pricing.selectors import terms_for
from pricing.selectors.bounds import UNKNOWN, price_bounds
from tests.factories import TODAY, World, make_price, make_price_type, make_world
from tests.pricing.samples import make_rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def purchase(name: str, **told: str) -> PriceType:
    kind = make_price_type(name, is_open=False, **told)  # type: ignore[arg-type]
    PriceType.objects.filter(pk=kind.pk).update(is_purchase=True)
    return kind


def test_of_purchase_prices_the_highest_counts_at_the_rate_of_the_day(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second, third = world.skus[:3]
    roubles, dollars, yuan = purchase("₽"), purchase("$", currency="USD"), purchase("¥", currency="CNY")
    make_rate(70, day=TODAY - timedelta(days=40))
    make_rate(80, day=TODAY)
    make_rate(99, day=TODAY + timedelta(days=1))
    make_price(first, 50, price_type=roubles)
    make_price(first, 1, price_type=dollars)
    make_price(second, 300, price_type=roubles)
    make_price(second, 2, price_type=dollars)
    make_price(third, 9, price_type=yuan)  # a currency without a rate
    terms = terms_for(contract=world.contract, city=world.city, on=TODAY)

    with django_assert_num_queries(3):
        bounds = price_bounds(
            terms=terms, quantities=dict.fromkeys([one.pk for one in world.skus[:3]], Decimal(1))
        )

    assert [bounds[one.pk].cost for one in (first, second)] == [Decimal("80.00"), Decimal("300.00")]
    assert bounds[third.pk] == UNKNOWN
