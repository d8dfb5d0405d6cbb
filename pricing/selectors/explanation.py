"""Why a price is what it is: the same steps that made it, with what was considered on the way."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.discounts import Discount, Unmet
from pricing.models import DiscountRule, PriceType
from pricing.selectors.facts import Facts, facts_in_full
from pricing.selectors.quotes import ONE, Priced, PriceQuote, priced, quote_of
from pricing.terms import PriceTerms


@dataclass(frozen=True, slots=True)
class Considered:
    """A discount for such clients and goods: taken, not in force (`unmet`), or gave way to another one."""

    discount: Discount
    unmet: Unmet | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class PriceExplanation:
    """The chain from the price type to the result. `floor_name` is for employees' eyes only."""

    terms: PriceTerms
    price: Priced
    considered: tuple[Considered, ...]
    floor_name: str
    result: PriceQuote | None


def price_explained(
    *,
    sku_id: int,
    terms: PriceTerms,
    quantity: Decimal = ONE,
    instead: DiscountRule | None = None,
    left_out_id: int | None = None,
) -> PriceExplanation:
    """Explain what `quotes` tells of the sku and quantity; five queries at most.

    `instead` is tried in place of its saved self (it may be new), the rule `left_out_id` is as if it were
    not there.
    """
    facts = facts_in_full(sku_id, terms, instead=instead, left_out_id=left_out_id)
    (price,) = priced(facts, [(sku_id, quantity)])
    floor = PriceType.objects.filter(pk=terms.floor_type_id).first() if terms.floor_type_id else None
    return PriceExplanation(
        terms=terms,
        price=price,
        considered=_considered(facts, price),
        floor_name=floor.name if floor else "",
        result=quote_of(price, terms),
    )


def _considered(facts: Facts, price: Priced) -> tuple[Considered, ...]:
    place = facts.places.get(price.sku_id)
    if place is None:
        return ()
    found = [
        Considered(rule, rule.unmet(place, price.quantity, facts.terms), is_taken=rule is price.discount)
        for rule in facts.discounts
    ]
    return tuple(rule for rule in found if rule.unmet != Unmet.GOODS or rule.discount.pk == facts.tried_id)
