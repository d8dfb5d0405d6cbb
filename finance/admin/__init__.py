"""Money in the administration: what people decide is edited, what follows from it is only shown."""

from finance.admin import alerts, blocks, calendar, credit, ledger, payments

__all__ = ["alerts", "blocks", "calendar", "credit", "ledger", "payments"]
