"""Settlements stay with the legal entity that paid."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Model, QuerySet, Sum
from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from finance.models import (
    BlockException,
    BlockRule,
    CreditLine,
    CreditOverride,
    LedgerEntry,
    Payment,
    Reservation,
)


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


class LedgerRows:
    """Append-only, too: entries go on naming who owed. What is named only where there is something."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        entries = LedgerEntry.objects.filter(legal_entity__in=entity_ids)
        return _held(_("Записи взаиморасчетов"), entries, stays=True)

    def absorb(self, absorption: Absorption) -> None:
        return

    def relocate(self, relocation: Relocation) -> None:
        return


class CreditRows:
    """Lines, reserves, rules and exceptions go to the heir; of two lines for one thing the heir's stays."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        lines = CreditLine.objects.filter(legal_entity__in=entity_ids)
        reserves = Reservation.objects.filter(legal_entity__in=entity_ids, is_active=True)
        return [*_held(_("Кредитные линии"), lines), *_held(_("Резервы лимитов"), reserves)]

    def absorb(self, absorption: Absorption) -> None:
        target = absorption.target_id
        for source_id, target_id in absorption.contracts.items():
            Reservation.objects.filter(contract=source_id).update(contract=target_id)
            if not CreditLine.objects.filter(contract=target_id).exists():
                CreditLine.objects.filter(contract=source_id).update(contract=target_id)
            for model in (BlockRule, BlockException, CreditOverride):
                model._default_manager.filter(contract=source_id).update(contract=target_id)
        Reservation.objects.filter(legal_entity=absorption.source_id).update(legal_entity=target)
        if not CreditLine.objects.filter(legal_entity=target).exists():
            CreditLine.objects.filter(legal_entity=absorption.source_id).update(legal_entity=target)
        for model in (BlockRule, BlockException):
            model._default_manager.filter(legal_entity=absorption.source_id).update(legal_entity=target)

    def relocate(self, relocation: Relocation) -> None:
        """A holding's line stays with the holding; the firm draws on that of its new one."""
        return


def _held(what: str, rows: QuerySet[Model], *, stays: bool = False) -> list[Held]:
    ids = tuple(rows.order_by("pk").values_list("pk", flat=True))
    return [Held(what, ids, stays=stays)] if ids else []


follow(PaymentRows())
follow(LedgerRows())
follow(CreditRows())
