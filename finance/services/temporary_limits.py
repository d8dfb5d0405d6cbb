"""A manager lets a client's orders through for a time: one press gives it once."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract
from finance.models import CreditOverride
from finance.selectors.overriding import may_override
from finance.services.overrides import override_give

_SAME_PRESS = timedelta(minutes=5)


@transaction.atomic
def temporary_limit_give(
    *, actor: Actor, contract_id: int, amount: Decimal, valid_until: date, reason: str, at: datetime
) -> CreditOverride:
    """Let any orders under a contract pass the limit, RUB with VAT, until a Moscow date inclusive.

    The same words of the same person within five minutes are a second click and give nothing more.
    Raises AccessDenied, Contract.DoesNotExist (not a client of his).
    """
    if not may_override(actor):
        raise AccessDenied(Permission.CREDIT_OVERRIDE.label)
    contract = (
        Contract.objects.visible_to(actor).select_for_update(of=("self",), no_key=True).get(pk=contract_id)
    )
    given = CreditOverride.objects.filter(
        contract=contract,
        author=actor.user_id,
        reference="",
        amount=amount,
        valid_until=valid_until,
        reason=reason.strip(),
        created_at__gt=at - _SAME_PRESS,
    ).first()
    if given is not None:
        return given
    return override_give(
        actor=actor,
        contract_id=contract_id,
        reference="",
        valid_until=valid_until,
        amount=amount,
        reason=reason,
        at=at,
    )
