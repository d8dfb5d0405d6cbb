"""Changes of requisites: clients ask, managers decide field by field, 1C stays the master.

What 1C sends is written over anything here. So a field is applied only while it still holds the value
that the client saw; if 1C has changed it meanwhile, its value stays and the field is marked as outdated.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.events import ChangeDecided, ChangeRequested
from counterparties.models import (
    ChangeField,
    ChangeOutcome,
    ChangeRequest,
    ChangeState,
    ChangeSubject,
    LegalEntity,
    LegalEntityBankAccount,
)
from counterparties.reach import reach
from counterparties.registration_refusals import (
    AlreadyDecided,
    NothingChanged,
    ReasonNeeded,
    WrongRequisites,
)
from counterparties.requisites import (
    ACCOUNT,
    ACCOUNT_CODES,
    REQUISITES,
    account_faults,
    errors_of,
    requisites_faults,
    tidy,
)
from counterparties.services.accounts import account_change_apply
from portal import outbox

_ONE_C_WAS_FIRST = "1С уже изменила эти значения."


@transaction.atomic
def requisites_change_ask(
    *, actor: Actor, legal_entity_id: int, values: Mapping[str, str], comment: str, at: datetime
) -> ChangeRequest:
    """Ask to change the named requisites; a request that still waits is replaced by the new one.

    Raises AccessDenied, LegalEntity.DoesNotExist, WrongRequisites (only for what the person changed:
    old faults of 1C are not his), NothingChanged.
    """
    entity = entity_locked(actor, legal_entity_id)
    old = {name: str(getattr(entity, name)) for name in REQUISITES}
    new = old | tidy({name: value for name, value in values.items() if name in REQUISITES})
    changed = [name for name in REQUISITES if new[name] != old[name]]
    if not changed:
        raise NothingChanged
    _refuse_new_errors(old, new, changed)
    waiting = entity.change_requests.filter(subject=ChangeSubject.REQUISITES, state=ChangeState.WAITING)
    waiting.update(state=ChangeState.REPLACED, decided_at=at, decided_by=actor.user_id)
    return _asked(
        entity, ChangeSubject.REQUISITES, [(name, old[name], new[name]) for name in changed],
        actor=actor, comment=comment, at=at,
    )  # fmt: skip


@transaction.atomic
def account_change_ask(
    *,
    actor: Actor,
    legal_entity_id: int,
    account_id: int | None,
    values: Mapping[str, str] | None,
    comment: str,
    at: datetime,
) -> ChangeRequest:
    """Ask for a new bank account (no id), a change of one, or its removal (no values).

    Raises AccessDenied, LegalEntity.DoesNotExist, LegalEntityBankAccount.DoesNotExist,
    WrongRequisites, NothingChanged.
    """
    entity = entity_locked(actor, legal_entity_id)
    account = entity.bank_accounts.get(pk=account_id) if account_id is not None else None
    old = {name: str(getattr(account, name)) if account else "" for name in ACCOUNT}
    if values is None:
        new, subject = dict.fromkeys(ACCOUNT, ""), ChangeSubject.ACCOUNT_REMOVE
    else:
        new = tidy({name: values.get(name, "") for name in ACCOUNT}, ACCOUNT_CODES)
        subject = ChangeSubject.ACCOUNT_EDIT if account else ChangeSubject.ACCOUNT_ADD
        errors = errors_of(account_faults(new, inn=entity.inn))
        if errors:
            raise WrongRequisites(errors)
    if new == old:
        raise NothingChanged
    rows = [(name, old[name], new[name]) for name in ACCOUNT if old[name] != new[name]]
    return _asked(entity, subject, rows, actor=actor, comment=comment, at=at, account=account)


@transaction.atomic
def change_decide(
    *, change_request_id: int, actor: Actor, accepted: Collection[str], reason: str, at: datetime
) -> ChangeRequest:
    """Accept the named fields and refuse the others with a reason; a bank account goes whole.

    Raises AccessDenied, ChangeRequest.DoesNotExist, AlreadyDecided, ReasonNeeded, WrongRequisites (the
    chosen fields do not fit what stays).
    """
    actor.require(Permission.CLIENT_SERVE)
    visible = ChangeRequest.objects.visible_to(actor)
    entity_id = visible.values_list("legal_entity_id", flat=True).get(pk=change_request_id)
    entity = LegalEntity.objects.select_for_update(of=("self",)).get(pk=entity_id)
    request = visible.select_for_update(of=("self",)).get(pk=change_request_id)
    if request.state != ChangeState.WAITING:
        raise AlreadyDecided
    fields = list(request.fields.order_by("pk"))
    if request.subject == ChangeSubject.REQUISITES:
        _apply(entity, fields, accepted)
    else:
        account_change_apply(request, fields, is_accepted=all(one.name in accepted for one in fields))
    ChangeField.objects.bulk_update(fields, ["outcome"])
    _close(request, fields, actor=actor, reason=reason.strip(), at=at)
    return request


def entity_locked(actor: Actor, legal_entity_id: int) -> LegalEntity:
    """The legal entity whose requisites the actor may edit, locked. Raises AccessDenied, DoesNotExist."""
    actor.require(Permission.REQUISITES_EDIT)
    if actor.is_read_only:
        raise AccessDenied("Просмотр без изменений")
    editable = LegalEntity.objects.filter(reach(actor, Permission.REQUISITES_EDIT, entity=""))
    return editable.select_for_update(of=("self",)).get(pk=legal_entity_id)


def _refuse_new_errors(old: Mapping[str, str], new: Mapping[str, str], changed: Collection[str]) -> None:
    """Raise WrongRequisites for errors in what was changed, or that the change brought elsewhere."""
    before = errors_of(requisites_faults(old))
    after = errors_of(requisites_faults(new))
    errors = {name: text for name, text in after.items() if name in changed or name not in before}
    if errors:
        raise WrongRequisites(errors)


def _asked(
    entity: LegalEntity,
    subject: ChangeSubject,
    rows: list[tuple[str, str, str]],
    *,
    actor: Actor,
    comment: str,
    at: datetime,
    account: LegalEntityBankAccount | None = None,
) -> ChangeRequest:
    if actor.user_id is None:
        raise AccessDenied("Реквизиты меняют только люди")
    request = ChangeRequest.objects.create(
        legal_entity=entity,
        subject=subject,
        bank_account=account,
        comment=comment.strip(),
        created_by_id=actor.user_id,
        created_at=at,
    )
    ChangeField.objects.bulk_create(
        ChangeField(request=request, name=name, old=old, new=new) for name, old, new in rows
    )
    outbox.publish(ChangeRequested(change_request_id=request.pk))
    return request


def _apply(entity: LegalEntity, fields: list[ChangeField], accepted: Collection[str]) -> None:
    current = {name: str(getattr(entity, name)) for name in REQUISITES}
    new = dict(current)
    for field in fields:
        if field.name not in accepted:
            field.outcome = ChangeOutcome.REJECTED
        elif current[field.name] not in {field.old, field.new}:
            field.outcome = ChangeOutcome.OUTDATED
        else:
            field.outcome = ChangeOutcome.ACCEPTED
            new[field.name] = field.new
    changed = [name for name in REQUISITES if new[name] != current[name]]
    if not changed:
        return
    _refuse_new_errors(current, new, changed)
    for name in changed:
        setattr(entity, name, new[name])
    entity.save(update_fields=changed)


def _close(
    request: ChangeRequest, fields: list[ChangeField], *, actor: Actor, reason: str, at: datetime
) -> None:
    outcomes = {field.outcome for field in fields}
    if outcomes == {ChangeOutcome.ACCEPTED}:
        request.state = ChangeState.ACCEPTED
    elif ChangeOutcome.ACCEPTED in outcomes:
        request.state = ChangeState.PARTLY
    else:
        request.state = ChangeState.REJECTED
    if not reason and ChangeOutcome.REJECTED in outcomes:
        raise ReasonNeeded
    if ChangeOutcome.OUTDATED in outcomes:
        reason = f"{reason} {_ONE_C_WAS_FIRST}".strip()
    request.reason = "" if request.state == ChangeState.ACCEPTED else reason
    request.decided_by_id, request.decided_at = actor.user_id, at
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    outbox.publish(ChangeDecided(change_request_id=request.pk))
