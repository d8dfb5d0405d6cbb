"""Who buys on which conditions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from counterparties.models import ClientGroup
from pricing.models import CityPriceType, HoldingPricing, PriceType
from pricing.selectors import terms_for
from pricing.terms import PriceSource
from tests.factories import TODAY, make_city, make_contract, make_holding, make_price_type
from tests.pricing.samples import close, group_of, make_rate, terms_of, tuned

pytestmark = pytest.mark.django_db


def test_terms_come_from_contract_client_city_and_base_in_turn() -> None:
    of_contract, of_client = make_price_type("Договорная"), make_price_type("Клиентская")
    of_city, base = make_price_type("Городская"), tuned(make_price_type("Базовая"), is_base=True)
    city = make_city("Казань", price_type=of_city)
    contract = make_contract(price_type=of_contract)
    HoldingPricing.objects.create(holding=contract.legal_entity.holding, price_type=of_client)

    chosen = []
    for price_type in (of_contract, of_client, of_city, base):
        terms = terms_of(contract, city)
        chosen.append((terms.price_type_name, terms.source))
        close(price_type)

    assert chosen == [
        ("Договорная", PriceSource.CONTRACT),
        ("Клиентская", PriceSource.CLIENT),
        ("Городская", PriceSource.CITY),
        ("Базовая", PriceSource.BASE),
    ]
    nothing = terms_of(contract, city)
    assert (nothing.price_type_id, nothing.source, nothing.has_prices) == (None, None, False)
    assert nothing.holding_id == contract.legal_entity.holding_id


def test_terms_carry_what_discounts_ask_for() -> None:
    group = ClientGroup.objects.create(name="Сети")
    city = make_city("Казань")
    contract = make_contract()
    group_of(contract.legal_entity.holding, group)

    terms = terms_of(contract, city)

    assert (terms.contract_id, terms.holding_id, terms.group_id, terms.city_id, terms.on) == (
        contract.pk,
        contract.legal_entity.holding_id,
        group.pk,
        city.pk,
        TODAY,
    )
    assert terms == terms_of(contract, city)
    assert hash(terms) == hash(terms_of(contract, city))


def test_terms_of_a_client_without_a_contract_are_his_own() -> None:
    of_client = make_price_type("Клиентская")
    entity = make_contract().legal_entity
    HoldingPricing.objects.create(holding=entity.holding, price_type=of_client)

    terms = terms_for(contract=None, city=make_city("Казань"), on=TODAY, legal_entity=entity)

    assert (terms.price_type_id, terms.source) == (of_client.pk, PriceSource.CLIENT)
    assert (terms.contract_id, terms.holding_id) == (None, entity.holding_id)


def test_terms_of_nobody_have_no_prices() -> None:
    city = make_city()
    CityPriceType.objects.all().delete()

    assert terms_of(None, city).has_prices is False
    assert terms_of(None, None).has_prices is False


def test_client_without_legal_entities_lends_his_prices_to_nobody() -> None:
    HoldingPricing.objects.create(holding=make_holding(), price_type=make_price_type("Чужая"))
    city = make_city("Казань", price_type=make_price_type("Городская"))

    assert terms_of(None, city).price_type_name == "Городская"


def test_rate_is_the_latest_on_the_date() -> None:
    dollars = make_price_type("В долларах", currency="USD")
    city = make_city("Казань", price_type=dollars)
    make_rate("80", day=TODAY - timedelta(days=10))
    make_rate("81.5", day=TODAY)
    make_rate("99", day=TODAY + timedelta(days=1))
    make_rate("70", "CNY", day=TODAY)

    assert terms_of(None, city, TODAY).rate == Decimal("81.5")
    assert terms_of(None, city, TODAY - timedelta(days=1)).rate == 80
    long_ago = terms_of(None, city, date(2025, 1, 1))
    assert (long_ago.rate, long_ago.has_prices) == (None, False)


def test_roubles_need_no_rate_and_floors_have_their_own() -> None:
    floor = make_price_type("Закупочная в евро", is_open=False, currency="EUR")
    price_type = tuned(make_price_type("Оптовая"), floor_type=floor)
    city = make_city("Казань", price_type=price_type)

    before = terms_of(None, city)
    make_rate("95", "EUR")
    after = terms_of(None, city)

    assert (before.rate, before.floor_type_id, before.floor_rate) == (1, floor.pk, None)
    assert (before.has_unknown_floor, after.has_unknown_floor) == (True, False)
    assert (after.floor_currency, after.floor_rate) == ("EUR", 95)


def test_a_purchase_type_cannot_be_opened(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    purchase = tuned(make_price_type("Закупочная", is_open=False), is_purchase=True)
    contract = make_contract(price_type=purchase)

    with django_assert_num_queries(2):
        terms = terms_of(contract, None)

    assert terms.price_type_id is None
    assert not PriceType.objects.filter(is_purchase=True, is_open=True).exists()


def test_terms_take_one_query_where_there_is_a_type(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    contract, city = make_contract(price_type=make_price_type("Опт")), make_city("Казань")

    with django_assert_num_queries(1):
        terms = terms_of(contract, city)

    assert terms.has_prices is True
