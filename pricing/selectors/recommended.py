"""At which price a client is advised to sell on, and what he earns by it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pricing.selectors.facts import facts_listed
from pricing.selectors.quotes import ONE, PriceQuote, priced, quote_of
from pricing.selectors.terms import terms_recommended

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Recommended:
    """РРЦ of one base unit, and the markup on the client's own price in percent with one digit.

    No markup where there is no own price, where one of both is with VAT and the other without, and
    where selling on would earn nothing.
    """

    quote: PriceQuote
    markup_percent: Decimal | None


def recommended_prices(
    *, sku_ids: Collection[int], own: dict[int, PriceQuote | None], on: date
) -> dict[int, Recommended]:
    """РРЦ by sku beside its own price; a sku without one is absent.

    Three queries, or one where there are none.
    """
    terms = terms_recommended(on=on) if sku_ids else None
    if terms is None:
        return {}
    facts = facts_listed(sku_ids, terms)
    found = {price.sku_id: quote_of(price, terms) for price in priced(facts, [(pk, ONE) for pk in sku_ids])}
    return {pk: Recommended(quote, _markup(own.get(pk), quote)) for pk, quote in found.items() if quote}


def _markup(own: PriceQuote | None, advised: PriceQuote) -> Decimal | None:
    if own is None or own.is_vat_included != advised.is_vat_included or own.amount >= advised.amount:
        return None
    return ((advised.amount - own.amount) * 100 / own.amount).quantize(_TENTH, rounding=ROUND_HALF_UP)
