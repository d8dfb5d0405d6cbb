"""A manager lets orders through in spite of the limit."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.db.models import F

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract
from finance.events import CreditOverrideGiven
from finance.models import CreditOverride
from finance.selectors.overriding import may_override
from portal.outbox import publish


@transaction.atomic
def override_give(
    *,
    actor: Actor,
    contract_id: int,
    reference: str,
    valid_until: date,
    amount: Decimal,
    reason: str,
    at: datetime,
) -> CreditOverride:
    """Let an order (no reference: any) through in spite of the limit, up to a sum and a date.

    The line stays as it is; administrators are told. Raises AccessDenied, Contract.DoesNotExist.
    """
    if not may_override(actor):
        raise AccessDenied(Permission.CREDIT_OVERRIDE.label)
    contract = Contract.objects.visible_to(actor).get(pk=contract_id)
    override = CreditOverride.objects.create(
        contract=contract,
        reference=reference,
        valid_until=valid_until,
        amount=amount,
        reason=reason.strip(),
        author_id=cast(int, actor.user_id),  # a permission has a person
        created_at=at,
    )
    publish(CreditOverrideGiven(override_id=override.pk))
    return override


def override_use(*, contract_id: int, references: Collection[str], amount: Decimal, on: date) -> bool:
    """Take a sum from the first override that has it, one of the order before one of all; False if none.

    The contract is locked already, so overrides of it are used one after another.
    """
    overrides = CreditOverride.objects.let_through(contract_id, amount, references=references, on=on)
    chosen = overrides.select_for_update(of=("self",)).order_by("-reference", "valid_until", "pk").first()
    if chosen is None:
        return False
    CreditOverride.objects.filter(pk=chosen.pk).update(used=F("used") + amount)
    return True
