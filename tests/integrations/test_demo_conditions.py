"""On which conditions the demonstration's clients buy."""

from decimal import Decimal

import pytest
from django.db import models

from catalog.models import Brand
from counterparties.models import ClientGroup
from integrations.demo import fiction
from integrations.demo.conditions import BUILDERS, RULES, conditions_fill
from integrations.demo.trade import PRICE_LEVELS
from pricing.models import CurrencyRate, DiscountRule, IndividualPrice, PriceType
from tests.catalog.samples import make_section
from tests.factories import (
    make_city,
    make_contract,
    make_holding,
    make_legal_entity,
    make_price_type,
    make_sku,
)

pytestmark = pytest.mark.django_db

MADE: tuple[type[models.Model], ...] = (ClientGroup, CurrencyRate, DiscountRule, IndividualPrice)


def make_company() -> dict[str, PriceType]:
    """What 1C and the company's filling leave behind, as far as conditions look at it."""
    prices = {level.key: make_price_type(level.name, is_open=not level.hidden) for level in PRICE_LEVELS}
    city = make_city(price_type=prices["retail"])
    holdings = {data.key: make_holding(data.name, city=city) for data in fiction.HOLDINGS}
    data = fiction.CONTRACTS[0]
    contract = make_contract(make_legal_entity(holdings["sever"]), number=data.number)
    type(contract).objects.filter(pk=contract.pk).update(date=data.date)
    power = make_section("Силовой кабель")
    cable = make_sku(price=100, price_type=prices[data.price_level])
    make_section("Кабель ВВГнг(А)-LS", parent=power, goods=[cable])
    make_section("Лампы")
    Brand.objects.create(name="Вольтанис", normalized_name="ВОЛЬТАНИС")
    return {key: price_type for key, price_type in prices.items() if key != "purchase"}


def test_conditions_are_given_once() -> None:
    prices = make_company()

    conditions_fill(prices)
    once = {model: model._default_manager.count() for model in MADE}
    DiscountRule.objects.filter(name=RULES[0].name).update(percent=1)
    conditions_fill(prices)

    assert {model: model._default_manager.count() for model in MADE} == once
    assert once[DiscountRule] == len(RULES)
    assert DiscountRule.objects.get(name=RULES[0].name).percent == 1
    assert [price.amount for price in IndividualPrice.objects.all()] == [Decimal(96)]
    builders = ClientGroup.objects.get(name="Строители и монтажники")
    assert builders.holdings.count() == len(BUILDERS)


def test_purchase_prices_become_the_floor_and_never_open() -> None:
    conditions_fill(make_company())

    purchase = PriceType.objects.get(is_purchase=True)
    assert (purchase.name, purchase.is_open) == ("Закупочная", False)
    assert set(PriceType.objects.filter(is_open=True).values_list("floor_type", flat=True)) == {purchase.pk}
    assert PriceType.objects.get(is_base=True).name == "Розничная"


def test_catalogue_without_the_sections_has_no_rules_for_them() -> None:
    prices = make_company()
    Brand.objects.all().delete()

    conditions_fill(prices)

    assert sorted(DiscountRule.objects.values_list("name", flat=True)) == sorted(
        rule.name for rule in RULES if not rule.brand
    )
