"""How far an order is paid for."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaidState(models.TextChoices):
    """What the payments of an order come to."""

    UNPAID = "unpaid", _("Не оплачен")
    PARTLY = "partly", _("Оплачен частично")
    PAID = "paid", _("Оплачен")


def paid_state(*, total: Decimal, paid: Decimal) -> PaidState:
    """Compare the sum of payments with the order's total, both with VAT in the order's currency."""
    if paid >= total > 0:
        return PaidState.PAID
    return PaidState.PARTLY if paid > 0 else PaidState.UNPAID
