"""Price types, prices, who buys at which, and what changes them."""

from pricing.models.conditions import DiscountRule, IndividualPrice
from pricing.models.mapping import CityPriceType, ContractPricing, HoldingPricing
from pricing.models.prices import CurrencyRate, Price, PriceType, Rounding

__all__ = [
    "CityPriceType",
    "ContractPricing",
    "CurrencyRate",
    "DiscountRule",
    "HoldingPricing",
    "IndividualPrice",
    "Price",
    "PriceType",
    "Rounding",
]
