"""Settlements with clients: the ledger, credit lines, money that came, and what 1C says is owed."""

from finance.models.alerts import MoneyAlert
from finance.models.blocks import BlockException, BlockRule
from finance.models.calendar import CalendarDay
from finance.models.credit import CreditLine, CreditOverride, LimitChange, Reservation
from finance.models.feeds import CalendarFeed
from finance.models.ledger import (
    Allocation,
    LedgerEntry,
    LedgerEntryQuerySet,
    ThirdPartyPayment,
    allocated,
)
from finance.models.online import OnlinePayment, OnlinePaymentItem
from finance.models.payments import Payment
from finance.models.settlements import OverdueItem, Settlement

__all__ = [
    "Allocation",
    "BlockException",
    "BlockRule",
    "CalendarDay",
    "CalendarFeed",
    "CreditLine",
    "CreditOverride",
    "LedgerEntry",
    "LedgerEntryQuerySet",
    "LimitChange",
    "MoneyAlert",
    "OnlinePayment",
    "OnlinePaymentItem",
    "OverdueItem",
    "Payment",
    "Reservation",
    "Settlement",
    "ThirdPartyPayment",
    "allocated",
]
