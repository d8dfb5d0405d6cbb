"""Bank accounts of clients: accepted requests written down, and which one is the default."""

from django.db import transaction

from counterparties.models import (
    ChangeField,
    ChangeOutcome,
    ChangeRequest,
    ChangeSubject,
    LegalEntityBankAccount,
)
from counterparties.requisites import ACCOUNT


def account_change_apply(request: ChangeRequest, fields: list[ChangeField], *, is_accepted: bool) -> None:
    """Write an accepted account whole; one that 1C changed meanwhile stays as 1C wants it.

    Sets the outcome of every field; the caller saves them. Runs in the caller's transaction, which
    holds the lock of the legal entity.
    """
    outcome = ChangeOutcome.ACCEPTED if is_accepted else ChangeOutcome.REJECTED
    if is_accepted and request.subject != ChangeSubject.ACCOUNT_ADD and not _as_it_was(request, fields):
        outcome = ChangeOutcome.OUTDATED
    for field in fields:
        field.outcome = outcome
    if outcome != ChangeOutcome.ACCEPTED:
        return
    if request.subject == ChangeSubject.ACCOUNT_REMOVE:
        _remove(request)
    elif request.subject == ChangeSubject.ACCOUNT_ADD:
        _add(request, fields)
    else:
        values = {field.name: field.new for field in fields}
        LegalEntityBankAccount.objects.filter(pk=request.bank_account_id or 0).update(**values)


def _as_it_was(request: ChangeRequest, fields: list[ChangeField]) -> bool:
    account = request.bank_account
    return account is not None and all(str(getattr(account, one.name)) == one.old for one in fields)


def _add(request: ChangeRequest, fields: list[ChangeField]) -> None:
    values = dict.fromkeys(ACCOUNT, "") | {field.name: field.new for field in fields}
    others = LegalEntityBankAccount.objects.filter(legal_entity=request.legal_entity_id)
    if not others.filter(account=values["account"], bic=values["bic"]).exists():
        LegalEntityBankAccount.objects.create(
            legal_entity_id=request.legal_entity_id, is_default=not others.exists(), **values
        )


def _remove(request: ChangeRequest) -> None:
    """Close an account; if it was the default one, the oldest of the others takes its place."""
    account = request.bank_account
    if account is None:
        return
    account.delete()
    request.bank_account = None
    rest = LegalEntityBankAccount.objects.filter(legal_entity=request.legal_entity_id)
    oldest = rest.order_by("pk").first()
    if oldest is not None and not rest.filter(is_default=True).exists():
        rest.filter(pk=oldest.pk).update(is_default=True)


@transaction.atomic
def account_default_set(account: LegalEntityBankAccount) -> None:
    """Make the account the default one of its legal entity, which the caller has locked."""
    others = LegalEntityBankAccount.objects.filter(legal_entity=account.legal_entity_id)
    others.exclude(pk=account.pk).update(is_default=False)
    others.filter(pk=account.pk).update(is_default=True)
