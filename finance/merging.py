"""Settlements stay with the legal entity that paid."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from finance.models import Payment


class PaymentRows:
    """Append-only: a payment names for ever who paid. Lists of the heir show it."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        payments = Payment.objects.filter(legal_entity__in=entity_ids)
        total = payments.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")
        ids = tuple(payments.order_by("pk").values_list("pk", flat=True))
        return [Held(_("Оплаты"), ids, total=total, stays=True)]

    def absorb(self, absorption: Absorption) -> None:
        return

    def relocate(self, relocation: Relocation) -> None:
        return


follow(PaymentRows())
