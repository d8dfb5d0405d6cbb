"""At which prices somebody buys, and why."""

from pricing.selectors.explanation import PriceExplanation, price_explained
from pricing.selectors.ladder import LadderStep, price_ladder, price_ladders
from pricing.selectors.quotes import PriceQuote, quotes
from pricing.selectors.recommended import Recommended, recommended_prices
from pricing.selectors.terms import terms_for

__all__ = [
    "LadderStep",
    "PriceExplanation",
    "PriceQuote",
    "Recommended",
    "price_explained",
    "price_ladder",
    "price_ladders",
    "quotes",
    "recommended_prices",
    "terms_for",
]
