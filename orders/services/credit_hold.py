"""An order's hold on the credit limit."""

from datetime import datetime

from counterparties.actor import Actor
from orders.models import Order


def order_credit_reserve(order: Order, *, at: datetime, actor: Actor | None) -> None:
    """Hold the limit for all parts of an order on credit; a prepaid one holds nothing.

    Raises CreditRefused.
    """
    raise NotImplementedError


def order_credit_release(order: Order, *, at: datetime) -> None:
    """Hold nothing for the order any more. Idempotent."""
    raise NotImplementedError
