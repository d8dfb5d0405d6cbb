"""From which quantities goods cost less."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing.selectors.facts import Facts, facts_for
from pricing.selectors.quotes import ONE, PriceQuote, priced, quote_of
from pricing.terms import PriceTerms


@dataclass(frozen=True, slots=True)
class LadderStep:
    """The price from a quantity of base units on; no quote is «по запросу»."""

    from_quantity: Decimal
    quote: PriceQuote | None


def price_ladder(*, sku_id: int, terms: PriceTerms | None) -> tuple[LadderStep, ...]:
    """The steps of one sku, see `price_ladders`; empty where it has no price at any quantity."""
    return price_ladders(sku_ids=[sku_id], terms=terms).get(sku_id, ())


def price_ladders(*, sku_ids: Collection[int], terms: PriceTerms | None) -> dict[int, tuple[LadderStep, ...]]:
    """Steps by sku, only those that change the price; the first is for one unit or where prices begin.

    Three queries at most. One step means that the price does not depend on quantity.
    """
    if terms is None or not sku_ids:
        return {}
    return ladders_of(facts_for(sku_ids, terms), sku_ids)


def ladders_of(facts: Facts, sku_ids: Iterable[int]) -> dict[int, tuple[LadderStep, ...]]:
    """The same of facts that have been read; no queries."""
    asked = [(sku_id, quantity) for sku_id in sku_ids for quantity in _quantities(facts, sku_id)]
    ladders: dict[int, list[LadderStep]] = {}
    amounts: dict[int, int] = {}
    for price in priced(facts, asked):
        if price.units != amounts.get(price.sku_id, 0):
            step = LadderStep(price.quantity, quote_of(price, facts.terms))
            ladders.setdefault(price.sku_id, []).append(step)
            amounts[price.sku_id] = price.units
    return {sku_id: tuple(steps) for sku_id, steps in ladders.items()}


def _quantities(facts: Facts, sku_id: int) -> list[Decimal]:
    """One unit, and all from which the price may be another one."""
    return sorted({ONE, *(quantity for quantity in facts.thresholds(sku_id) if quantity > ONE)})
