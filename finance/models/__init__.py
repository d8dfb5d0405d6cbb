"""Settlements with clients: money that came, and what 1C says is owed."""

from finance.models.payments import Payment
from finance.models.settlements import OverdueItem, Settlement

__all__ = ["OverdueItem", "Payment", "Settlement"]
