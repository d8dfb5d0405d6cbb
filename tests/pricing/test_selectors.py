"""At which prices somebody buys."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Sku
from pricing.models import CityPriceType, Price
from pricing.selectors import PriceQuote, price_type_for, quotes, with_price
from tests.factories import AT, make_city, make_contract, make_price, make_price_type, make_product, make_sku

pytestmark = pytest.mark.django_db


def test_price_type_for_prefers_the_contract(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    of_city, of_contract = make_price_type("Розничная"), make_price_type("Опт")
    city = make_city("Казань", price_type=of_city)
    contract = make_contract(price_type=of_contract)
    plain = make_contract()

    with django_assert_num_queries(3):
        chosen = [
            price_type_for(contract=contract, city=city),
            price_type_for(contract=plain, city=city),
            price_type_for(contract=contract, city=None),
        ]

    assert chosen == [of_contract, of_city, of_contract]


def test_price_type_for_nobody_is_none() -> None:
    city = make_city()
    CityPriceType.objects.all().delete()

    assert price_type_for(contract=None, city=city) is None
    assert price_type_for(contract=None, city=None) is None


def test_price_type_for_never_gives_a_closed_one() -> None:
    closed = make_price_type("Закупочная", is_open=False)
    open_type = make_price_type("Опт")
    contract = make_contract(price_type=closed)

    assert price_type_for(contract=contract, city=make_city("Казань", price_type=open_type)) == open_type
    assert price_type_for(contract=contract, city=make_city("Омск", price_type=closed)) is None


def test_quotes_tell_amount_currency_and_vat() -> None:
    price_type = make_price_type("Опт", is_vat_included=False, currency="USD")
    sku = make_sku(price="12.3456", price_type=price_type)

    found = quotes(sku_ids=[sku.pk], price_type=price_type)

    assert found == {sku.pk: PriceQuote(Decimal("12.3456"), "USD", False)}
    assert found[sku.pk].text == "12,3456"


def test_quotes_leave_out_what_is_on_request() -> None:
    price_type, other = make_price_type("Опт"), make_price_type("Розница")
    nought = make_sku(price=0, price_type=price_type)
    without = make_sku(price=None)
    elsewhere = make_sku(price=5, price_type=other)

    ids = [nought.pk, without.pk, elsewhere.pk]

    assert quotes(sku_ids=ids, price_type=price_type) == {}
    assert quotes(sku_ids=ids, price_type=None) == {}


def test_quotes_of_a_characteristic_fall_back_to_the_product() -> None:
    price_type = make_price_type("Опт")
    product = make_product()
    base = make_sku(product=product, price=100, price_type=price_type, is_hidden=True)
    own = make_sku(product=product, characteristic="синий", price=120, price_type=price_type)
    inherited = make_sku(product=product, characteristic="белый", price=None)
    on_request = make_sku(product=product, characteristic="под заказ", price=0, price_type=price_type)
    stranger = make_sku(characteristic="белый", price=None)

    found = quotes(sku_ids=[base.pk, own.pk, inherited.pk, on_request.pk, stranger.pk], price_type=price_type)

    assert {pk: quote.amount for pk, quote in found.items()} == {base.pk: 100, own.pk: 120, inherited.pk: 100}


def test_quotes_ignore_prices_from_a_quantity() -> None:
    price_type = make_price_type("Опт")
    sku = make_sku(price=100, price_type=price_type)
    Price.objects.create(sku=sku, price_type=price_type, minimum_quantity=50, amount=80, updated_at=AT)

    found = quotes(sku_ids=[sku.pk], price_type=price_type)

    assert [quote.amount for quote in found.values()] == [Decimal(100)]


@pytest.mark.parametrize("goods", [1, 3])
def test_quotes_take_one_query(goods: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    price_type = make_price_type("Опт")
    skus = [make_sku(price=number + 1, price_type=price_type) for number in range(goods)]

    with django_assert_num_queries(1):
        found = quotes(sku_ids=[sku.pk for sku in skus], price_type=price_type)

    assert [found[sku.pk].amount for sku in skus] == [number + 1 for number in range(goods)]


def test_with_price_keeps_each_sku_once_and_tells_what_quotes_tell() -> None:
    price_type, other = make_price_type("Опт"), make_price_type("Розница")
    product = make_product()
    base = make_sku(product=product, price=30, price_type=price_type)
    white = make_sku(product=product, characteristic="белый", price=None)
    cheap = make_sku(price=10, price_type=price_type)
    make_price(cheap, 1, price_type=other)
    nought = make_sku(price=0, price_type=price_type)

    rows = with_price(Sku.objects.all(), price_type).order_by("price", "pk").values_list("pk", "price")

    assert list(rows) == [(cheap.pk, 10), (base.pk, 30), (white.pk, 30), (nought.pk, None)]
    assert {pk: price for pk, price in rows if price is not None} == {
        pk: quote.amount
        for pk, quote in quotes(
            sku_ids=Sku.objects.values_list("pk", flat=True), price_type=price_type
        ).items()
    }


def test_with_price_without_a_price_type_is_on_request() -> None:
    sku = make_sku(price=10)

    assert list(with_price(Sku.objects.all(), None).values_list("pk", "price")) == [(sku.pk, None)]
