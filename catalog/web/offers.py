"""What goods cost a client and where they lie."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.index.reading import Index
from catalog.models import City
from catalog.selectors import WarehouseStock, availability, available_total
from counterparties.selectors import Workplace
from pricing.kept import terms_kept
from pricing.selectors import LadderStep, PriceQuote, quotes, terms_for
from pricing.terms import PriceTerms

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one sku costs this client and where it lies; no quote is «по запросу».

    `available` is the sum over the warehouses, in base units; `ladder` are the prices from larger
    quantities on, where they were asked for.
    """

    quote: PriceQuote | None
    stocks: list[WarehouseStock]
    available: Decimal
    ladder: tuple[LadderStep, ...] = ()


def terms_listed(index: Index, workplace: Workplace, *, on: date) -> PriceTerms | None:
    """The terms of lists, as `terms_shown` tells them, kept with the index until one of them changes."""
    if not workplace.sees_prices:
        return None
    return terms_kept(
        index,
        contract=workplace.contract,
        city=workplace.city,
        on=on,
        legal_entity=workplace.legal_entity,
    )


def terms_shown(workplace: Workplace, *, on: date) -> PriceTerms | None:
    """The terms of the workplace; none for a person whose company is not approved yet."""
    if not workplace.sees_prices:
        return None
    return terms_for(
        contract=workplace.contract, city=workplace.city, on=on, legal_entity=workplace.legal_entity
    )


def offers_for(*, sku_ids: Collection[int], city: City | None, terms: PriceTerms | None) -> dict[int, Offer]:
    """Price of one unit and stock of each sku; five queries at most."""
    stocks = availability(sku_ids=sku_ids, city=city)
    prices = quotes(sku_ids=sku_ids, terms=terms)
    return {
        sku_id: Offer(
            quote=prices.get(sku_id),
            stocks=stocks.get(sku_id, []),
            available=available_total(stocks.get(sku_id, [])),
        )
        for sku_id in sku_ids
    }


def price_at(ladder: tuple[LadderStep, ...], quantity: Decimal) -> PriceQuote | None:
    """The price of a quantity by a ladder, which begins at one unit."""
    met = [step for step in ladder if step.from_quantity <= max(quantity, ONE)]
    return met[-1].quote if met else None
