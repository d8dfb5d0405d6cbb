"""Prices of all goods at once: what threads that share them may do to each other."""

from decimal import Decimal

import pytest

from catalog.index.reading import Index, catalog_index
from pricing import index as prices_of_all
from pricing.arithmetic import Units, from_units
from pricing.models import Price, PriceType
from pricing.selectors import terms_for
from tests.factories import TODAY, make_contract, make_sku
from tests.pricing.samples import make_agreed

pytestmark = pytest.mark.django_db


def test_prices_read_before_a_change_are_not_kept_as_those_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = make_contract()
    city = contract.legal_entity.holding.home_city
    agreed, other = make_sku(price=100), make_sku(price=100)
    make_agreed(contract, agreed, 70)
    terms = terms_for(contract=contract, city=city, on=TODAY)
    read = prices_of_all._common_prices

    def read_and_change(index: Index, common: prices_of_all._Common | None) -> Units:
        """Another thread hears of a new price just after the reading."""
        prices = read(index, common)
        monkeypatch.setattr(prices_of_all, "_common_prices", read)
        Price.objects.filter(sku=other).update(amount=Decimal(90))
        catalog_index()
        return prices

    monkeypatch.setattr(prices_of_all, "_common_prices", read_and_change)
    prices_of_all.effective_prices(catalog_index(), terms)

    index = catalog_index()
    told = prices_of_all.effective_prices(index, terms)
    found = {pk: from_units(told[place]) for place, pk in enumerate(index.sku_ids(range(index.size)))}
    assert found == {agreed.pk: Decimal(70), other.pk: Decimal(90)}


def test_goods_may_come_before_any_price_type() -> None:
    """1C sends them first: the indexer takes note of the goods and goes on."""
    PriceType.objects.all().delete()
    index = catalog_index()
    make_sku(price=None)

    assert catalog_index().size == index.size + 1
