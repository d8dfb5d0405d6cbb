"""Amounts of credit lines."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract
from finance.events import CreditLimitChanged
from finance.models import CreditLine, LimitChange
from portal.lib.dates import moscow_date
from portal.outbox import publish


@transaction.atomic
def limit_change(
    *,
    actor: Actor | None,
    line_id: int,
    amount: Decimal,
    reason: str,
    at: datetime,
    valid_until: date | None = None,
) -> LimitChange:
    """Set the amount of a line, with `valid_until` for a time only. Without an actor 1C does so.

    A lower limit takes nothing back from confirmed orders. Raises AccessDenied (no administrator),
    CreditLine.DoesNotExist.
    """
    if actor is not None and not actor.is_administrator:
        raise AccessDenied(CreditLine._meta.verbose_name)
    line = CreditLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    change = LimitChange.objects.create(
        line=line,
        amount_before=line.amount,
        amount=amount,
        valid_from=moscow_date(at),
        valid_until=valid_until,
        reason=reason.strip(),
        author_id=actor.user_id if actor else None,
        created_at=at,
    )
    if valid_until is None:
        line.amount = amount
        line.save(update_fields=["amount"])
    publish(CreditLimitChanged(change_id=change.pk))
    return change


def erp_line_keep(contract: Contract, *, amount: Decimal, at: datetime) -> None:
    """Let a contract's line of 1C have its limit. The contract and its lines are locked. Idempotent.

    A line that a person has made for the contract stays beside it: the smaller of the two counts.
    """
    lines = CreditLine.objects.filter(contract=contract, is_from_erp=True, currency=contract.currency)
    line = lines.order_by("-valid_from").first()
    if line is None:
        _erp_line_new(contract, amount, at)
    elif line.amount != amount:
        limit_change(actor=None, line_id=line.pk, amount=amount, reason=_("Лимит из 1С."), at=at)


def _erp_line_new(contract: Contract, amount: Decimal, at: datetime) -> None:
    """From the contract's day on: what stands under it has always counted."""
    taken = CreditLine.objects.filter(
        contract=contract, currency=contract.currency, organization=None, valid_from=contract.date
    )
    CreditLine.objects.create(
        contract=contract,
        organization_id=contract.organization_id if taken.exists() else None,
        amount=amount,
        currency=contract.currency,
        valid_from=contract.date,
        is_from_erp=True,
    )
