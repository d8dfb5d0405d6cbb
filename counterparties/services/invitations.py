"""Calling people into a holding by e-mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import Stage
from counterparties.actor import AccessDenied, Actor
from counterparties.events import InvitationSent
from counterparties.models import (
    Invitation,
    InvitationState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY
from counterparties.rights_refusals import (
    AccountExists,
    AlreadyDecided,
    AlreadyInvited,
    AlreadyMember,
    InvitationDead,
    RightsRefused,
    WrongPerson,
)
from counterparties.selectors import actor_of_membership, memberships_valid
from counterparties.services.giving import (
    area_of,
    require_area,
    require_manager,
    require_may_give,
    require_until,
    role_for,
    stage_trust,
)
from counterparties.services.stages import stage_give
from portal import outbox
from portal.lib.dates import moscow_date

LINK_LIFE = timedelta(hours=72)
_SALT = "counterparties.invitation"


@dataclass(frozen=True, slots=True)
class Rights:
    """What an invitation offers; `legal_entity_ids=None` is the whole holding, dates are inclusive."""

    role_id: int
    legal_entity_ids: Collection[int] | None
    valid_until: date | None
    stage: Stage
    stage_until: date | None


@transaction.atomic
def invitation_send(*, actor: Actor, email: str, rights: Rights, at: datetime) -> Invitation:
    """Call a person into the actor's holding; the letter with the link follows and lives 72 hours.

    Raises AccessDenied, Role.DoesNotExist, AlreadyMember, AlreadyInvited and what
    `giving` refuses (AboveOwnRights, NoLegalEntities, TooLong, InThePast).
    """
    holding_id = require_manager(actor)
    email = email.strip().lower()
    _require_rights(actor, rights, on=moscow_date(at))
    if Membership.objects.filter(holding_id=holding_id, user__email=email).exists():
        raise AlreadyMember
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                holding_id=holding_id,
                email=email,
                role_id=rights.role_id,
                is_whole_holding=rights.legal_entity_ids is None,
                valid_until=rights.valid_until,
                stage=rights.stage,
                stage_until=rights.stage_until,
                invited_by_id=actor.user_id or 0,
                invited_at=at,
                expires_at=at + LINK_LIFE,
            )
    except IntegrityError as error:
        raise AlreadyInvited from error
    invitation.legal_entities.set(rights.legal_entity_ids or [])
    _link_renew(invitation)
    return invitation


@transaction.atomic
def invitation_resend(*, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """Send a new link that lives 72 hours from now; the old one is dead at once.

    Whoever sends it again answers for the rights in it. Raises AccessDenied, Invitation.DoesNotExist,
    AlreadyDecided and what `giving` refuses.
    """
    invitation = _locked_for(actor, invitation_id)
    _require_rights(actor, rights_offered(invitation), on=moscow_date(at))
    invitation.serial += 1
    invitation.expires_at = at + LINK_LIFE
    invitation.invited_by_id = actor.user_id or 0
    invitation.save(update_fields=["serial", "expires_at", "invited_by"])
    _link_renew(invitation)
    return invitation


@transaction.atomic
def invitation_revoke(*, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """Take an invitation back; the link is dead. Raises AccessDenied, DoesNotExist, AlreadyDecided."""
    invitation = _locked_for(actor, invitation_id)
    require_area(actor, area_of(rights_offered(invitation).legal_entity_ids))
    invitation.state, invitation.ended_at = InvitationState.REVOKED, at
    invitation.save(update_fields=["state", "ended_at"])
    return invitation


def invitation_by_token(token: str, *, at: datetime) -> Invitation:
    """The invitation that a link opens. Raises InvitationDead, whatever is wrong with the link."""
    return _by_token(token, at=at, is_locked=False)


@transaction.atomic
def invitation_accept(
    *, token: str, full_name: str, password: str, position: str = "", at: datetime
) -> Membership:
    """Make an account for the invited person, who has proved the address by the link, and let him in.

    Raises InvitationDead, AccountExists, AlreadyMember.
    """
    invitation = _by_token(token, at=at, is_locked=True)
    if User.objects.filter(email=invitation.email).exists():
        raise AccountExists
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, full_name=full_name.strip(), position=position.strip()
            )
    except IntegrityError as error:
        raise AccountExists from error
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return _accepted(invitation, user, at=at)


@transaction.atomic
def invitation_join(*, token: str, user: User, at: datetime) -> Membership:
    """Let a person who is signed in already into one more holding.

    Raises InvitationDead, WrongPerson, AlreadyMember.
    """
    invitation = _by_token(token, at=at, is_locked=True)
    if user.email != invitation.email or user.is_staff or not user.is_active:
        raise WrongPerson
    return _accepted(invitation, user, at=at)


def rights_offered(invitation: Invitation) -> Rights:
    """What the invitation promises, in the words of `invitation_send`."""
    entities = (
        None if invitation.is_whole_holding else list(invitation.legal_entities.values_list("pk", flat=True))
    )
    return Rights(
        role_id=invitation.role_id or 0,
        legal_entity_ids=entities,
        valid_until=invitation.valid_until,
        stage=Stage(invitation.stage),
        stage_until=invitation.stage_until,
    )


def invitation_token(invitation: Invitation) -> str:
    """The secret part of the link: signed by the portal's key, another one with every letter."""
    return Signer(salt=_SALT, sep=".").sign(f"{invitation.pk}-{invitation.serial}")


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _require_rights(actor: Actor, rights: Rights, *, on: date) -> None:
    area = area_of(rights.legal_entity_ids)
    chosen = require_area(actor, area)
    role = role_for(actor, rights.role_id)
    require_may_give(actor, role=role, area=area, trusted=stage_trust(rights.stage, chosen))
    require_until(actor, stage=Stage.ORDERS, entity_ids=chosen, until=rights.valid_until, on=on)
    if rights.stage > Stage.ORDERS:
        require_until(actor, stage=rights.stage, entity_ids=chosen, until=rights.stage_until, on=on)


def _link_renew(invitation: Invitation) -> None:
    invitation.token_hash = token_hash(invitation_token(invitation))
    invitation.save(update_fields=["token_hash"])
    outbox.publish(InvitationSent(invitation_id=invitation.pk, serial=invitation.serial))


def _locked_for(actor: Actor, invitation_id: int) -> Invitation:
    require_manager(actor)
    invitations = Invitation.objects.visible_to(actor).select_for_update(of=("self",))
    invitation = invitations.get(pk=invitation_id)
    if invitation.state != InvitationState.PENDING:
        raise AlreadyDecided
    return invitation


def _by_token(token: str, *, at: datetime, is_locked: bool) -> Invitation:
    try:
        pk = int(Signer(salt=_SALT, sep=".").unsign(token).partition("-")[0])
    except (BadSignature, ValueError) as error:
        raise InvitationDead from error
    found = Invitation.objects.select_related("holding", "invited_by", "role").filter(
        pk=pk, token_hash=token_hash(token), state=InvitationState.PENDING, expires_at__gt=at
    )
    if is_locked:
        found = found.select_for_update(of=("self",))
    invitation = found.first()
    if invitation is None:
        raise InvitationDead
    return invitation


def _accepted(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    """Give what was offered, if he who offered it still may; the invitation is locked."""
    rights, on = rights_offered(invitation), moscow_date(at)
    giver = memberships_valid(on).filter(
        holding_id=invitation.holding_id, user_id=invitation.invited_by_id, user__is_active=True
    )
    try:
        actor = actor_of_membership(giver.select_related("role").get(), on=on)
        require_manager(actor)
        _require_rights(actor, rights, on=on)
    except (Membership.DoesNotExist, RightsRefused, AccessDenied) as error:
        raise InvitationDead from error
    if Membership.objects.filter(holding_id=invitation.holding_id, user=user).exists():
        raise AlreadyMember
    membership = Membership.objects.create(
        user=user,
        holding_id=invitation.holding_id,
        role_id=rights.role_id,
        is_whole_holding=rights.legal_entity_ids is None,
        valid_until=rights.valid_until,
    )
    if rights.legal_entity_ids is not None:
        LegalEntityUserObjectPermission.objects.bulk_assign_perm(
            ACT_FOR_LEGAL_ENTITY, user, LegalEntity.objects.filter(pk__in=rights.legal_entity_ids)
        )
    stage_give(
        membership=membership,
        stage=rights.stage,
        legal_entity_ids=rights.legal_entity_ids,
        valid_until=rights.stage_until,
        decided_by_id=invitation.invited_by_id,
        at=at,
    )
    invitation.state, invitation.ended_at, invitation.accepted_by = InvitationState.ACCEPTED, at, user
    invitation.save(update_fields=["state", "ended_at", "accepted_by"])
    return membership
