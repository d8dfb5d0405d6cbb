"""English words of money, for letters."""

from finance.states import CreditStatus, LedgerKind

LEDGER_KINDS: dict[LedgerKind, str] = {
    LedgerKind.OPENING: "Opening balance",
    LedgerKind.SHIPMENT: "Shipment",
    LedgerKind.CORR_UP: "Correction upwards",
    LedgerKind.CORR_DOWN: "Correction downwards",
    LedgerKind.RETURN: "Return of goods",
    LedgerKind.PAYMENT: "Payment",
    LedgerKind.REFUND: "Refund",
    LedgerKind.OFFSET: "Offset",
    LedgerKind.TRANSFER: "Transfer between contracts",
    LedgerKind.BONUS: "Bonus",
    LedgerKind.PENALTY: "Penalty",
    LedgerKind.WRITE_OFF: "Debt written off",
}
CREDIT_STATUSES: dict[CreditStatus, str] = {
    CreditStatus.SUSPENDED: "the line is suspended",
    CreditStatus.EXPIRED: "the line has expired",
    CreditStatus.OVERDUE: "a payment is overdue",
    CreditStatus.EXCEEDED: "the limit is exceeded",
    CreditStatus.WARNING: "the limit is running out",
    CreditStatus.OK: "in order",
}
