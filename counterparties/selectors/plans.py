"""Plans of sales."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from counterparties.actor import Actor
from counterparties.models import SalesPlan


def plan_of(*, actor: Actor, month: date) -> Decimal | None:
    """The employee's plan of a month, RUB with VAT, an administrator's that of all; None without one."""
    plans = SalesPlan.objects.filter(month=month)
    if not actor.is_administrator:
        plans = plans.filter(employee=actor.user_id)
    total: Decimal | None = plans.aggregate(total=Sum("amount"))["total"]
    return total
