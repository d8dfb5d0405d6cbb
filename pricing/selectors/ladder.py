"""From which quantities goods cost less."""

from collections.abc import Collection
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

    Four queries at most. One step means that the price does not depend on quantity.
    """
    if terms is None or not sku_ids:
        return {}
    facts = facts_for(sku_ids, terms)
    ladders = {sku_id: _ladder(facts, sku_id) for sku_id in sku_ids}
    return {sku_id: steps for sku_id, steps in ladders.items() if steps}


def _ladder(facts: Facts, sku_id: int) -> tuple[LadderStep, ...]:
    quantities = sorted({ONE} | {quantity for quantity in facts.thresholds(sku_id) if quantity > ONE})
    steps: list[LadderStep] = []
    amount = 0
    for price in priced(facts, [(sku_id, quantity) for quantity in quantities]):
        if price.units != amount:
            steps.append(LadderStep(price.quantity, quote_of(price, facts.terms)))
            amount = price.units
    return tuple(steps)
