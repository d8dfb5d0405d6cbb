"""What goods cost: ladders, individual prices, discounts, floors, rates, rounding."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Brand, City, Product, Sku
from counterparties.models import ClientGroup, Contract
from pricing.models import PriceType
from pricing.selectors import PriceQuote, quotes
from tests.catalog.samples import make_section
from tests.factories import (
    TODAY,
    make_city,
    make_contract,
    make_price,
    make_price_type,
    make_product,
    make_sku,
)
from tests.pricing.samples import (
    amount_of,
    close,
    group_of,
    make_agreed,
    make_rate,
    make_rule,
    make_step,
    terms_of,
    tuned,
)

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def price_type() -> PriceType:
    return make_price_type("Опт")


@pytest.fixture
def city(price_type: PriceType) -> City:
    return make_city("Казань", price_type=price_type)


@pytest.fixture
def contract(city: City) -> Contract:
    return make_contract()


# --- price types -----------------------------------------------------------------------------------
def test_quotes_tell_amount_and_vat(city: City, price_type: PriceType) -> None:
    tuned(price_type, is_vat_included=False)
    sku = make_sku(price="12.3456", price_type=price_type)

    found = quotes(sku_ids=[sku.pk], terms=terms_of(None, city))

    amount = Decimal("12.3456")
    assert found == {sku.pk: PriceQuote(amount=amount, is_vat_included=False, list_amount=amount)}
    assert (found[sku.pk].text, found[sku.pk].currency, found[sku.pk].has_saving) == ("12,3456", "RUB", False)


def test_quotes_leave_out_what_is_on_request(city: City, price_type: PriceType) -> None:
    nought = make_sku(price=0, price_type=price_type)
    without = make_sku(price=None)
    elsewhere = make_sku(price=5, price_type=make_price_type("Розница"))

    ids = [nought.pk, without.pk, elsewhere.pk, 10**9]

    assert quotes(sku_ids=ids, terms=terms_of(None, city)) == {}
    assert quotes(sku_ids=ids, terms=None) == {}
    assert quotes(sku_ids=[], terms=terms_of(None, city)) == {}


def test_prices_of_a_type_that_closes_disappear_at_once(city: City, price_type: PriceType) -> None:
    sku = make_sku(price=5, price_type=price_type)
    before = amount_of(sku, terms_of(None, city))

    close(price_type)

    assert (before, amount_of(sku, terms_of(None, city))) == (5, None)


def test_quotes_of_a_characteristic_fall_back_to_the_product(city: City, price_type: PriceType) -> None:
    product = make_product()
    base = make_sku(product=product, price=100, price_type=price_type, is_hidden=True)
    own = make_sku(product=product, characteristic="синий", price=120, price_type=price_type)
    inherited = make_sku(product=product, characteristic="белый", price=None)
    on_request = make_sku(product=product, characteristic="под заказ", price=0, price_type=price_type)
    stranger = make_sku(characteristic="белый", price=None)

    ids = [base.pk, own.pk, inherited.pk, on_request.pk, stranger.pk]
    found = quotes(sku_ids=ids, terms=terms_of(None, city))

    assert {pk: quote.amount for pk, quote in found.items()} == {base.pk: 100, own.pk: 120, inherited.pk: 100}


def test_price_depends_on_quantity(city: City, price_type: PriceType) -> None:
    sku = make_sku(price=100, price_type=price_type)
    make_step(sku, price_type, 10, 90)
    make_step(sku, price_type, "50.5", 80)
    make_step(sku, price_type, 1000, 0)
    terms = terms_of(None, city)

    found = {quantity: amount_of(sku, terms, quantity) for quantity in ("0.5", 1, "9.999", 10, "50.5", 1000)}

    assert found == {"0.5": 100, 1: 100, "9.999": 100, 10: 90, "50.5": 80, 1000: None}
    assert quotes(sku_ids=[sku.pk], terms=terms)[sku.pk].amount == 100


# --- currencies and rounding ------------------------------------------------------------------------
def test_foreign_prices_are_told_in_roubles(city: City, price_type: PriceType) -> None:
    tuned(price_type, currency="USD")
    sku = make_sku(price="1.5", price_type=price_type)
    without_a_rate = quotes(sku_ids=[sku.pk], terms=terms_of(None, city))
    make_rate("80.123457")

    quote = quotes(sku_ids=[sku.pk], terms=terms_of(None, city))[sku.pk]

    assert without_a_rate == {}
    assert (quote.amount, quote.list_amount, quote.currency) == (Decimal("120.19"), Decimal("120.19"), "RUB")


@pytest.mark.parametrize(
    ("step", "rounding", "expected"),
    [
        ("0.01", "half", "90"),
        ("0.01", "up", "90.01"),
        ("0.5", "half", "90"),
        ("0.5", "up", "90.5"),
        ("10", "half", "90"),
        ("10", "up", "100"),
        ("1000", "half", "100.005"),  # a discount never raises a price
        ("0.0001", "half", "90.0045"),
    ],
)
def test_only_computed_prices_are_rounded(
    city: City, price_type: PriceType, step: str, rounding: str, expected: str
) -> None:
    tuned(price_type, rounding_step=Decimal(step), rounding=rounding)
    sku, plain = (make_sku(price="100.005", price_type=price_type) for _number in range(2))
    make_rule(10, sku=sku)
    terms = terms_of(None, city)

    assert amount_of(sku, terms) == Decimal(expected)
    assert amount_of(plain, terms) == Decimal("100.005")


# --- individual prices ------------------------------------------------------------------------------
def test_individual_price_stands_above_everything(
    city: City, contract: Contract, price_type: PriceType
) -> None:
    floor = make_price_type("Закупочная", is_open=False)
    tuned(price_type, floor_type=floor, rounding_step=Decimal(10))
    sku = make_sku(price=100, price_type=price_type)
    make_price(sku, 95, price_type=floor)
    make_rule(50)
    make_agreed(contract, sku, "77.7701")
    make_agreed(contract, sku, 110, quantity=5)

    found = quotes(sku_ids=[sku.pk], terms=terms_of(contract, city))[sku.pk]
    dearer = quotes(sku_ids=[sku.pk], terms=terms_of(contract, city), quantities={sku.pk: Decimal(5)})[sku.pk]

    assert (found.amount, found.list_amount, found.discount_percent) == (
        Decimal("77.7701"),
        100,
        Decimal("22.2"),
    )
    assert (dearer.amount, dearer.list_amount, dearer.has_saving) == (110, 110, False)
    assert amount_of(sku, terms_of(None, city)) == 100  # the floor of 95 in whole tens


def test_individual_price_holds_on_its_dates_and_for_its_contract(
    city: City, contract: Contract, price_type: PriceType
) -> None:
    sku = make_sku(price=100, price_type=price_type)
    make_agreed(contract, sku, 90, valid_from=TODAY, valid_until=TODAY)
    make_agreed(make_contract(), sku, 1)

    found = [amount_of(sku, terms_of(contract, city, day)) for day in (YESTERDAY, TODAY, TOMORROW)]

    assert found == [100, 90, 100]


def test_of_two_agreements_the_later_one_counts(
    city: City, contract: Contract, price_type: PriceType
) -> None:
    sku = make_sku(price=None)
    make_agreed(contract, sku, 80, valid_from=YESTERDAY)
    make_agreed(contract, sku, 90)
    close(price_type)

    assert amount_of(sku, terms_of(contract, city)) == 80


# --- discounts --------------------------------------------------------------------------------------
def test_discounts_do_not_add_up_and_are_taken_by_rank(city: City, price_type: PriceType) -> None:
    sku = make_sku(price=100, price_type=price_type)
    terms = terms_of(None, city)
    found = []

    for percent, priority in ((5, 0), (10, 0), (7, 0), (3, 1), (4, 1), (99, 0)):
        make_rule(percent, priority=priority)
        found.append(amount_of(sku, terms))

    assert found == [95, 90, 90, 97, 96, 96]


def test_discount_needs_all_of_its_conditions(city: City, contract: Contract, price_type: PriceType) -> None:
    brand = Brand.objects.create(name="Альфа", normalized_name="АЛЬФА")
    group = ClientGroup.objects.create(name="Сети")
    sku = make_sku(price=100, price_type=price_type)
    rule = make_rule(
        10,
        brand=brand,
        group=group,
        city=city,
        contract=contract,
        holding=contract.legal_entity.holding,
        section=make_section("Крепёж", goods=[sku]),
        sku=sku,
    )
    before = amount_of(sku, terms_of(contract, city))
    Product.objects.filter(pk=sku.product_id).update(brand=brand)
    group_of(contract.legal_entity.holding, group)

    met = amount_of(sku, terms_of(contract, city))
    elsewhere = amount_of(sku, terms_of(contract, make_city("Омск", price_type=price_type)))
    other_client = amount_of(sku, terms_of(make_contract(), city))
    nobody = amount_of(sku, terms_of(None, city))
    rule.is_active = False
    rule.save()

    assert (before, met, elsewhere, other_client, nobody) == (100, 90, 100, 100, 100)
    assert amount_of(sku, terms_of(contract, city)) == 100


def test_discount_of_a_section_covers_all_below_it(city: City, price_type: PriceType) -> None:
    top = make_section("Верх")
    low = make_section("Низ", parent=make_section("Середина", parent=top, is_hidden=True))
    deep, beside = (make_sku(price=100, price_type=price_type) for _number in range(2))
    deep.product.sections.add(low)
    beside.product.sections.add(make_section("Другое"))
    make_rule(10, section=top)
    type(top).objects.filter(pk=top.pk).update(parent=low)  # 1C may send a loop

    terms = terms_of(None, city)

    assert (amount_of(deep, terms), amount_of(beside, terms)) == (90, 100)


def test_discount_holds_on_its_dates_and_from_its_quantity(city: City, price_type: PriceType) -> None:
    sku = make_sku(price=100, price_type=price_type)
    make_rule(10, valid_from=TODAY, valid_until=TODAY, minimum_quantity=5)

    dates = [amount_of(sku, terms_of(None, city, day), 5) for day in (YESTERDAY, TODAY, TOMORROW)]
    less = amount_of(sku, terms_of(None, city), "4.999")

    assert (dates, less) == ([100, 90, 100], 100)


def test_saving_is_told_by_what_the_price_really_is(city: City, price_type: PriceType) -> None:
    sku = make_sku(price="99.99", price_type=price_type)
    make_rule("33.33")

    quote = quotes(sku_ids=[sku.pk], terms=terms_of(None, city))[sku.pk]

    assert (quote.list_text, quote.text, quote.discount_percent) == ("99,99", "66,66", Decimal("33.3"))


# --- floors -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("floor_price", "expected"),
    [(0, 50), (40, 50), (80, 80), ("80.111", "80.12"), (100, 100), (150, 100)],
)
def test_discount_never_goes_below_the_floor(
    city: City, price_type: PriceType, floor_price: int | str, expected: int | str
) -> None:
    floor = make_price_type("Закупочная", is_open=False)
    tuned(price_type, floor_type=floor)
    sku = make_sku(price=100, price_type=price_type)
    make_price(sku, floor_price, price_type=floor)
    make_rule(50)

    assert amount_of(sku, terms_of(None, city)) == Decimal(expected)


def test_floor_in_a_currency_without_a_rate_allows_no_discount(city: City, price_type: PriceType) -> None:
    floor = make_price_type("Закупочная", is_open=False, currency="EUR")
    tuned(price_type, floor_type=floor)
    sku = make_sku(price=100, price_type=price_type)
    make_price(sku, "0.9", price_type=floor)
    make_rule(50)
    unknown = amount_of(sku, terms_of(None, city))
    make_rate("100", "EUR")

    assert (unknown, amount_of(sku, terms_of(None, city))) == (100, 90)


# --- queries ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("goods", [1, 3])
def test_quotes_take_three_queries(
    city: City,
    contract: Contract,
    price_type: PriceType,
    goods: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    skus = [make_sku(price=100, price_type=price_type) for _number in range(goods)]
    section = make_section("Крепёж", goods=skus)
    for number in range(goods):
        make_rule(10 + number, section=section)
        make_agreed(contract, skus[number], 50, quantity=number)
    terms = terms_of(contract, city)

    with django_assert_num_queries(3):
        found = quotes(sku_ids=[sku.pk for sku in skus], terms=terms)

    assert len(found) == goods


def test_quotes_answer_in_the_asked_order(city: City, price_type: PriceType) -> None:
    skus = [make_sku(price=number + 1, price_type=price_type) for number in range(3)]
    asked = [skus[2].pk, skus[0].pk, skus[1].pk]

    assert list(quotes(sku_ids=asked, terms=terms_of(None, city))) == asked


def test_sku_of_another_product_is_not_asked(city: City, price_type: PriceType) -> None:
    sku = make_sku(price=None)
    make_sku(price=10, price_type=price_type)

    assert amount_of(Sku.objects.get(pk=sku.pk), terms_of(None, city)) is None
