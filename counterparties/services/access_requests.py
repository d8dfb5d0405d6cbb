"""Requests of people to join a client, decided by its head (a manager attaches the application instead)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.events import RegistrationDecided
from counterparties.models import (
    AccessRequest,
    AccessRequestState,
    LegalEntity,
    Registration,
    RegistrationState,
)
from counterparties.permissions import ReadyRole
from counterparties.registration_refusals import (
    AlreadyDecided,
    NoLegalEntities,
    NotAccepted,
    ReasonNeeded,
    RoleTooHigh,
)
from counterparties.services.joining import member_add
from portal import outbox

PLAIN_ROLES = (ReadyRole.BUYER, ReadyRole.ACCOUNTANT, ReadyRole.RECEIVER, ReadyRole.VIEWER)


@transaction.atomic
def access_grant(
    *,
    access_request_id: int,
    actor: Actor,
    role_code: str,
    legal_entity_ids: Collection[int],
    at: datetime,
) -> AccessRequest:
    """Let the person in with a plain role and the first stage, for legal entities of the head's own reach.

    Raises AccessDenied, AccessRequest.DoesNotExist, AlreadyDecided, RoleTooHigh, NoLegalEntities,
    LegalEntity.DoesNotExist (outside of the reach), NotAccepted.
    """
    registration, request = _locked(access_request_id, actor)
    if role_code not in PLAIN_ROLES:
        raise RoleTooHigh
    entities = _entities(request, actor, legal_entity_ids)
    user = User.objects.select_for_update().get(pk=registration.user_id or 0)
    if not user.is_active or user.is_staff:
        raise NotAccepted
    _membership, role = member_add(
        user=user,
        holding=request.holding,
        role_code=role_code,
        legal_entities=entities,
        decided_by_id=actor.user_id,
        at=at,
    )
    request.role = role
    _decide(request, AccessRequestState.GRANTED, actor, at)
    if registration.state == RegistrationState.REVIEW:
        registration.state, registration.holding = RegistrationState.APPROVED, request.holding
        _close(registration, actor, at)
    return request


@transaction.atomic
def access_decline(*, access_request_id: int, actor: Actor, reason: str, at: datetime) -> AccessRequest:
    """Refuse; the application is rejected when nobody is left who could let the person in.

    Raises AccessDenied, AccessRequest.DoesNotExist, AlreadyDecided, ReasonNeeded.
    """
    if not reason.strip():
        raise ReasonNeeded
    registration, request = _locked(access_request_id, actor)
    request.reason = reason.strip()
    _decide(request, AccessRequestState.DECLINED, actor, at)
    is_over = not registration.access_requests.filter(state=AccessRequestState.WAITING).exists()
    if is_over and registration.state == RegistrationState.REVIEW:
        registration.state, registration.reason = RegistrationState.REJECTED, request.reason
        _close(registration, actor, at)
    return request


def _locked(access_request_id: int, actor: Actor) -> tuple[Registration, AccessRequest]:
    """Lock the application first, then the request, as the review does."""
    if actor.impersonator_id is not None or actor.is_read_only:
        raise AccessDenied("Сотрудников допускает только сам клиент")
    actor.require(Permission.PEOPLE_MANAGE)
    visible = AccessRequest.objects.visible_to(actor)
    registration_id = visible.values_list("registration_id", flat=True).get(pk=access_request_id)
    registration = Registration.objects.select_for_update().get(pk=registration_id)
    request = visible.select_related("holding").select_for_update(of=("self",)).get(pk=access_request_id)
    if request.state != AccessRequestState.WAITING:
        raise AlreadyDecided
    return registration, request


def _entities(request: AccessRequest, actor: Actor, chosen: Collection[int]) -> list[LegalEntity]:
    entities = LegalEntity.objects.filter(
        holding=request.holding_id, pk__in=actor.grants[Permission.PEOPLE_MANAGE].legal_entity_ids
    )
    found = list(entities.filter(pk__in=chosen).order_by("pk"))
    if not chosen:
        raise NoLegalEntities
    if len(found) != len(set(chosen)):
        raise LegalEntity.DoesNotExist
    return found


def _decide(request: AccessRequest, state: AccessRequestState, actor: Actor, at: datetime) -> None:
    request.state = state
    request.decided_by_id, request.decided_at = actor.user_id, at
    request.save(update_fields=["state", "role", "reason", "decided_by", "decided_at"])


def _close(registration: Registration, actor: Actor, at: datetime) -> None:
    registration.decided_by_id, registration.decided_at = actor.user_id, at
    registration.save(update_fields=["state", "holding", "reason", "decided_by", "decided_at"])
    outbox.publish(RegistrationDecided(registration_id=registration.pk))
