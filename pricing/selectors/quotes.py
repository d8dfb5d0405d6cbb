"""What goods cost: one way to a price, for a page, a cart, a ladder and an explanation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from portal.lib.money import format_price
from pricing.arithmetic import Units, computed, from_units
from pricing.discounts import Discount, best
from pricing.selectors.facts import Agreed, Facts, Step, facts_for
from pricing.terms import ROUBLE, PriceTerms

ONE = Decimal(1)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """The price of one base unit in RUB, above nought; `list_amount` is that without a discount."""

    amount: Decimal
    is_vat_included: bool
    list_amount: Decimal
    currency: str = ROUBLE

    @property
    def text(self) -> str:
        """As pages and documents print a unit price: `1 234,50`, `0,0125`."""
        return format_price(self.amount)

    @property
    def list_text(self) -> str:
        return format_price(self.list_amount)

    @property
    def has_saving(self) -> bool:
        return self.amount < self.list_amount

    @property
    def discount_percent(self) -> Decimal:
        """How much less than the list price, 0-100 with one digit after the point."""
        saving = (self.list_amount - self.amount) * 100 / self.list_amount
        return saving.quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Priced:
    """A price with the steps that led to it; sums in 1/10000 RUB, 0: none.

    `lowered` is after the discount and the floor, before rounding. An agreed price stands above all else.
    """

    sku_id: int
    quantity: Decimal
    step: Step | None
    discount: Discount | None
    floor: Step | None
    agreed: Agreed | None
    listed: int
    lowered: int
    is_floored: bool
    computed: int

    @property
    def units(self) -> int:
        return self.computed if self.agreed is None else self.agreed.units


def quotes(
    *, sku_ids: Collection[int], terms: PriceTerms | None, quantities: Mapping[int, Decimal] | None = None
) -> dict[int, PriceQuote]:
    """Prices of skus; a sku that is absent has none: «по запросу». Three queries at most.

    `quantities` are in base units; a sku that is not in them is priced for one unit.
    """
    if terms is None or not sku_ids:
        return {}
    known = quantities or {}
    asked = {sku_id: known.get(sku_id, ONE) for sku_id in sku_ids}
    return quotes_of(facts_for(sku_ids, terms), asked)


def quotes_of(facts: Facts, quantities: Mapping[int, Decimal]) -> dict[int, PriceQuote]:
    """The same of facts that have been read; no queries."""
    found = {price.sku_id: quote_of(price, facts.terms) for price in priced(facts, list(quantities.items()))}
    return {sku_id: quote for sku_id, quote in found.items() if quote is not None}


def quote_of(price: Priced, terms: PriceTerms) -> PriceQuote | None:
    """What a client is told of a price; none is «по запросу»."""
    if not price.units:
        return None
    return PriceQuote(
        amount=from_units(price.units),
        is_vat_included=terms.is_vat_included,
        list_amount=from_units(max(price.listed, price.units)),
    )


def priced(facts: Facts, asked: Sequence[tuple[int, Decimal]]) -> list[Priced]:
    """Price each (sku, quantity) in the given order; no queries."""
    terms = facts.terms
    steps = [facts.step(terms.price_type_id, *pair) for pair in asked]
    floors = [facts.step(terms.floor_type_id, *pair) for pair in asked]
    discounts = [_discount(facts, *pair) for pair in asked]
    sums = computed(
        amounts=_column(step.units if step else 0 for step in steps),
        percents=_column(rule.percent if rule else 0 for rule in discounts),
        floors=_column(step.units if step else 0 for step in floors),
        scale=terms.scale,
    )
    return [
        Priced(
            sku_id=sku_id,
            quantity=quantity,
            step=steps[row],
            discount=discounts[row],
            floor=floors[row],
            agreed=facts.agreement(sku_id, quantity),
            listed=int(sums.listed[row]),
            lowered=int(sums.lowered[row]),
            is_floored=bool(sums.is_floored[row]),
            computed=int(sums.result[row]),
        )
        for row, (sku_id, quantity) in enumerate(asked)
    ]


def _discount(facts: Facts, sku_id: int, quantity: Decimal) -> Discount | None:
    if facts.terms.has_unknown_floor:
        return None
    return best(facts.fitting.get(sku_id, ()), quantity, facts.terms.on)


def _column(values: Iterable[int]) -> Units:
    return np.fromiter(values, dtype=np.int64)
