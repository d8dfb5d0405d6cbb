"""At which prices somebody buys, and why."""

from pricing.selectors.explanation import PriceExplanation, price_explained
from pricing.selectors.facts import Conditions, Facts, facts_for
from pricing.selectors.ladder import LadderStep, ladders_of, price_ladder, price_ladders
from pricing.selectors.quotes import PriceQuote, quotes, quotes_of
from pricing.selectors.recommended import Recommended, recommended_prices
from pricing.selectors.terms import terms_for

__all__ = [
    "Conditions",
    "Facts",
    "LadderStep",
    "PriceExplanation",
    "PriceQuote",
    "Recommended",
    "facts_for",
    "ladders_of",
    "price_explained",
    "price_ladder",
    "price_ladders",
    "quotes",
    "quotes_of",
    "recommended_prices",
    "terms_for",
]
