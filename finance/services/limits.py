"""Amounts of credit lines."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from counterparties.actor import AccessDenied, Actor
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
