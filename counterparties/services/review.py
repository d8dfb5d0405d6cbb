"""The manager's side of a registration: approve, attach to a client, reject, block."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.events import RegistrationDecided
from counterparties.models import (
    AccessRequest,
    AccessRequestState,
    Contract,
    Holding,
    LegalEntity,
    Membership,
    Organization,
    Registration,
    RegistrationState,
)
from counterparties.permissions import SERVE_HOLDING, ReadyRole
from counterparties.registration_refusals import NotAccepted, ReasonNeeded, SameCompanyExists
from counterparties.services.joining import legal_entity_of, member_add
from counterparties.services.registration import key_lock, require_step
from portal import outbox

_ELSEWHERE = "Заявка решена менеджером иначе."


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract that a new client begins with."""

    organization: Organization
    number: str
    date: date


@transaction.atomic
def registration_approve(
    *,
    registration_id: int,
    actor: Actor,
    holding_name: str,
    manager: User,
    contract: NewContract | None,
    is_new_in_spite: bool,
    at: datetime,
) -> Holding:
    """Make a client of an application: holding, legal entity, its head with all rights, the manager.

    `is_new_in_spite` says that a second client with the same ИНН is meant. Raises AccessDenied,
    Registration.DoesNotExist, WrongStep (decided meanwhile), SameCompanyExists, NotAccepted.
    """
    registration = _locked(registration_id, actor, RegistrationState.APPROVED)
    key_lock(f"inn:{registration.inn}")
    if not is_new_in_spite and LegalEntity.objects.filter(inn=registration.inn).exists():
        raise SameCompanyExists
    holding = Holding.objects.create(name=holding_name, home_city_id=registration.city_id)
    entity = legal_entity_of(registration, holding)
    holding.main_entity = entity
    holding.save(update_fields=["main_entity"])
    if contract is not None:
        Contract.objects.create(
            organization=contract.organization,
            legal_entity=entity,
            number=contract.number,
            date=contract.date,
            is_default=True,
        )
    _joined(registration, holding, entity, ReadyRole.HEAD, actor, at)
    assign_perm(SERVE_HOLDING, manager, holding)
    _decided(registration, RegistrationState.APPROVED, actor=actor, at=at, holding=holding)
    return holding


@transaction.atomic
def registration_attach(
    *, registration_id: int, actor: Actor, holding_id: int, role_code: str, at: datetime
) -> Holding:
    """Let the applicant into a client that the actor serves; his firm is added if it is not there.

    Raises AccessDenied, Registration.DoesNotExist, Holding.DoesNotExist, WrongStep, NotAccepted.
    """
    registration = _locked(registration_id, actor, RegistrationState.APPROVED)
    holding = Holding.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=holding_id)
    same = LegalEntity.objects.filter(holding=holding, inn=registration.inn)
    entity = same.filter(kpp=registration.kpp).first() or same.order_by("pk").first()
    if entity is None:
        entity = legal_entity_of(registration, holding)
    if holding.main_entity_id is None:
        holding.main_entity = entity
        holding.save(update_fields=["main_entity"])
    member = _joined(registration, holding, entity, role_code, actor, at)
    AccessRequest.objects.filter(
        registration=registration, holding=holding, state=AccessRequestState.WAITING
    ).update(state=AccessRequestState.GRANTED, role=member.role_id, decided_by=actor.user_id, decided_at=at)
    _decided(registration, RegistrationState.APPROVED, actor=actor, at=at, holding=holding)
    return holding


def registration_reject(*, registration_id: int, actor: Actor, reason: str, at: datetime) -> Registration:
    """Refuse an application; the applicant gets the reason by mail and may apply again.

    Raises AccessDenied, Registration.DoesNotExist, WrongStep, ReasonNeeded.
    """
    return _refuse(registration_id, RegistrationState.REJECTED, actor=actor, reason=reason, at=at)


def registration_block(*, registration_id: int, actor: Actor, reason: str, at: datetime) -> Registration:
    """Refuse for good: the address cannot apply again and nobody writes to it.

    Its account closes, unless the person works for a client.

    Raises AccessDenied, Registration.DoesNotExist, WrongStep, ReasonNeeded.
    """
    return _refuse(registration_id, RegistrationState.BLOCKED, actor=actor, reason=reason, at=at)


@transaction.atomic
def _refuse(
    registration_id: int, state: RegistrationState, *, actor: Actor, reason: str, at: datetime
) -> Registration:
    if not reason.strip():
        raise ReasonNeeded
    registration = _locked(registration_id, actor, state)
    registration.reason = reason.strip()
    _decided(registration, state, actor=actor, at=at, holding=None)
    user_id = registration.user_id or 0
    if state == RegistrationState.BLOCKED and not Membership.objects.filter(user_id=user_id).exists():
        User.objects.filter(pk=user_id, is_staff=False).update(is_active=False)
    return registration


def _locked(registration_id: int, actor: Actor, target: RegistrationState) -> Registration:
    actor.require(Permission.CLIENT_SERVE)
    visible = Registration.objects.visible_to(actor)
    registration = visible.select_for_update(of=("self",)).get(pk=registration_id)
    require_step(registration, target)
    return registration


def _joined(
    registration: Registration,
    holding: Holding,
    entity: LegalEntity,
    role_code: str,
    actor: Actor,
    at: datetime,
) -> Membership:
    user = User.objects.select_for_update().get(pk=registration.user_id or 0)
    if not user.is_active or user.is_staff:
        raise NotAccepted
    membership, _role = member_add(
        user=user,
        holding=holding,
        role_code=role_code,
        legal_entities=[entity],
        decided_by_id=actor.user_id,
        at=at,
    )
    return membership


def _decided(
    registration: Registration,
    state: RegistrationState,
    *,
    actor: Actor,
    at: datetime,
    holding: Holding | None,
) -> None:
    registration.state, registration.holding = state, holding
    registration.decided_by_id, registration.decided_at = actor.user_id, at
    registration.save(update_fields=["state", "holding", "decided_by", "decided_at", "reason"])
    AccessRequest.objects.filter(registration=registration, state=AccessRequestState.WAITING).update(
        state=AccessRequestState.DECLINED,
        decided_by=actor.user_id,
        decided_at=at,
        reason=registration.reason or _ELSEWHERE,
    )
    outbox.publish(RegistrationDecided(registration_id=registration.pk))
