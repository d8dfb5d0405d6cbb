"""Reads of settlements."""

from finance.selectors.payments import paid_by_reference, payments_for
from finance.selectors.settlements import SettlementPage, settlement_page

__all__ = ["SettlementPage", "paid_by_reference", "payments_for", "settlement_page"]
