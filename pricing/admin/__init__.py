"""The administrator's pages of prices; one module for each noun."""

from pricing.admin import discounts, individual, mapping, price_types

__all__ = ["discounts", "individual", "mapping", "price_types"]
