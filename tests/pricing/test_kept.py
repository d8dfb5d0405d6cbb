"""Terms and discounts that are kept with the index: whose they are, and how soon they are dropped."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings

from catalog.index.reading import catalog_index
from catalog.models import Section, Sku
from counterparties.models import ClientGroup, Contract
from pricing.kept import conditions_kept, terms_kept
from pricing.models import ContractPricing
from pricing.selectors import facts_for, quotes_of
from pricing.terms import PriceTerms
from tests.catalog.samples import make_section
from tests.factories import TODAY, make_contract, make_price, make_price_type, make_sku
from tests.pricing.samples import group_of, make_rule

pytestmark = pytest.mark.django_db


def kept(contract: Contract) -> PriceTerms:
    """As a request asks: the contract with its client is read anew."""
    contract = Contract.objects.select_related("legal_entity__holding__home_city").get(pk=contract.pk)
    entity = contract.legal_entity
    return terms_kept(
        catalog_index(),
        contract=contract,
        city=entity.holding.home_city,
        on=TODAY,
        legal_entity=entity,
    )


def amount(sku: Sku, contract: Contract) -> Decimal:
    terms = kept(contract)
    facts = facts_for([sku.pk], terms, conditions_kept(catalog_index(), terms))
    return quotes_of(facts, {sku.pk: Decimal(1)})[sku.pk].amount


def test_discount_of_a_section_reaches_what_lies_below_it_until_it_is_moved_away() -> None:
    contract, sku = make_contract(), make_sku(price=100)
    above = make_section("Верх")
    middle = make_section("Середина", parent=above, is_hidden=True)
    make_section("Низ", parent=middle, goods=[sku])
    make_rule(10, section=above)

    lowered = amount(sku, contract)
    Section.objects.filter(pk=middle.pk).update(parent=None)

    assert (lowered, amount(sku, contract)) == (Decimal(90), Decimal(100))


def test_clients_have_terms_of_their_own_which_follow_every_change() -> None:
    contract, other, sku = make_contract(), make_contract(), make_sku(price=100)
    dear = make_price_type("Розница")
    make_price(sku, 150, price_type=dear)
    group = ClientGroup.objects.create(name="Ключевые")
    make_rule(20, group=group)

    before = [amount(sku, one) for one in (contract, other)]
    ContractPricing.objects.create(contract=other, price_type=dear)
    priced = [amount(sku, one) for one in (contract, other)]
    group_of(contract.legal_entity.holding, group)
    grouped = [amount(sku, one) for one in (contract, other)]

    assert before == [100, 100]
    assert priced == [100, 150]
    assert grouped == [80, 150]


def test_nothing_is_kept_for_long_where_no_indexer_tells_of_changes(
    settings: Settings, settled_index: Callable[[], None]
) -> None:
    contract, sku = make_contract(), make_sku(price=100)
    rule = make_rule(10)
    settled_index()
    amounts = [amount(sku, contract)]

    type(rule).objects.update(percent=20)
    amounts.append(amount(sku, contract))
    settings.PRICE_TERMS_KEPT_SECONDS = 1e-9
    amounts.append(amount(sku, contract))

    assert amounts == [Decimal(90), Decimal(90), Decimal(80)]
