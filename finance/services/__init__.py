"""Writes of payments and settlements."""

from finance.services.payments import (
    MAX_AMOUNT,
    PaidInFuture,
    PaymentDiffers,
    PaymentRefused,
    WrongAmount,
    payment_record,
)
from finance.services.settlements import (
    Balance,
    CreditLimit,
    CurrencyDiffers,
    OverduePart,
    settlement_limit_note,
    settlement_note,
    settlements_clear,
)

__all__ = [
    "MAX_AMOUNT",
    "Balance",
    "CreditLimit",
    "CurrencyDiffers",
    "OverduePart",
    "PaidInFuture",
    "PaymentDiffers",
    "PaymentRefused",
    "WrongAmount",
    "payment_record",
    "settlement_limit_note",
    "settlement_note",
    "settlements_clear",
]
