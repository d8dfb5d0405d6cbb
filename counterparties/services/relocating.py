"""Legal entities change their holding, with chosen people; steps of `merging`, inside its transaction.

Nobody sees more of the legal entities that he did not have before: a person who comes to a holding
that has others is named for those he came with, one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from accounts.permissions import Stage
from counterparties.merging import Relocation, followers
from counterparties.models import (
    AccessRequest,
    GrantState,
    Holding,
    Invitation,
    InvitationState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    Role,
    StageGrant,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY
from counterparties.services.stages import stage_give
from portal.lib.dates import moscow_date

_ROLE_NAME_LENGTH = 60


class Fate(StrEnum):
    """What becomes of a person when legal entities leave his holding."""

    STAY = "stay"
    GO = "go"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Move:
    """Legal entities on their way: those merged into them before go with them."""

    source: Holding
    target: Holding
    entity_ids: frozenset[int]
    is_new: bool
    decided_by_id: int
    at: datetime


def entities_relocate(move: Move, fates: Mapping[int, Fate]) -> None:
    """Move legal entities with their orders, and people as told by membership; unnamed ones stay."""
    everything = with_merged(move.entity_ids)
    members = list(
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .filter(holding=move.source)
        .select_related("role", "user")
        .order_by("pk")
    )
    rights = {member.pk: _entities_of(member, move) for member in members}
    LegalEntity.objects.filter(pk__in=everything).update(holding=move.target)
    for member in members:
        _person_follow(member, fates.get(member.pk, Fate.STAY), rights[member.pk], move)
    _access_requests_move(everything, move)
    _main_entities_choose(move)
    for follower in followers():
        follower.relocate(
            Relocation(entity_ids=everything, holding_id=move.target.pk, left_id=move.source.pk)
        )


def with_merged(entity_ids: frozenset[int]) -> frozenset[int]:
    merged = LegalEntity.objects.filter(Q(pk__in=entity_ids) | Q(merged_into__in=entity_ids))
    return frozenset(merged.values_list("pk", flat=True))


def _entities_of(member: Membership, move: Move) -> frozenset[int]:
    """Those of the moving legal entities that the person may act for."""
    if member.is_whole_holding:
        return move.entity_ids
    named = LegalEntityUserObjectPermission.objects.filter(
        user_id=member.user_id, permission__codename=ACT_FOR_LEGAL_ENTITY, content_object__in=move.entity_ids
    )
    return frozenset(named.values_list("content_object_id", flat=True))


def _person_follow(member: Membership, fate: Fate, entities: frozenset[int], move: Move) -> None:
    there = Membership.objects.filter(user_id=member.user_id, holding=move.target).first()
    if fate == Fate.STAY:
        _names_drop(member, move)
        _stages_narrow(member, move)
        return
    if there is None:
        there = Membership(
            user_id=member.user_id,
            holding=move.target,
            role=role_in(move.target, member.role, of=move.source),
            is_whole_holding=member.is_whole_holding and move.is_new,
            valid_until=member.valid_until,
            is_active=member.is_active,
        )
        there.save()
    elif _works(member, move) and not _works(there, move):
        _reopen(there, member, move)
    _names_add(there, entities)
    _stages_copy(member, there, move)
    _stages_narrow(member, move)
    if fate == Fate.GO:
        _leave(member, move)


def _works(member: Membership, move: Move) -> bool:
    until = member.valid_until
    return member.is_active and (until is None or until >= moscow_date(move.at))


def _reopen(there: Membership, member: Membership, move: Move) -> None:
    """Somebody who left this client before comes back with what he has now, not with what he had then."""
    LegalEntityUserObjectPermission.objects.filter(
        user_id=there.user_id, content_object__holding=move.target
    ).exclude(content_object__in=move.entity_ids).delete()
    StageGrant.objects.filter(membership=there, state=GrantState.GRANTED).update(
        state=GrantState.REVOKED, ended_at=move.at
    )
    there.role = role_in(move.target, member.role, of=move.source)
    there.is_whole_holding, there.is_active, there.valid_until = False, True, member.valid_until
    there.save(update_fields=["role", "is_whole_holding", "is_active", "valid_until"])


def _names_add(member: Membership, entities: frozenset[int]) -> None:
    """Name the person for the legal entities, unless he has the whole holding."""
    if member.is_whole_holding or not entities:
        return
    held = LegalEntityUserObjectPermission.objects.filter(
        user_id=member.user_id, permission__codename=ACT_FOR_LEGAL_ENTITY, content_object__in=entities
    )
    missing = entities - set(held.values_list("content_object_id", flat=True))
    if missing:
        LegalEntityUserObjectPermission.objects.bulk_assign_perm(
            ACT_FOR_LEGAL_ENTITY, member.user, LegalEntity.objects.filter(pk__in=missing)
        )


def _names_drop(member: Membership, move: Move) -> None:
    LegalEntityUserObjectPermission.objects.filter(
        user_id=member.user_id, content_object__in=with_merged(move.entity_ids)
    ).delete()


def _stages_copy(member: Membership, there: Membership, move: Move) -> None:
    """Stages that work today go along, for the moving legal entities only."""
    granted = StageGrant.objects.filter(membership=member, state=GrantState.GRANTED).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=moscow_date(move.at))
    )
    for grant in granted.prefetch_related("legal_entities"):
        named = frozenset(one.pk for one in grant.legal_entities.all()) & move.entity_ids
        chosen = move.entity_ids if grant.is_whole_holding else named
        if chosen:
            stage_give(
                membership=there,
                stage=Stage(grant.stage),
                legal_entity_ids=None if grant.is_whole_holding and move.is_new else sorted(chosen),
                valid_until=grant.valid_until,
                decided_by_id=move.decided_by_id,
                at=move.at,
            )


def _stages_narrow(member: Membership, move: Move) -> None:
    """Stages of the old holding no longer name what has left it, should it ever come back."""
    StageGrant.legal_entities.through.objects.filter(
        stagegrant__membership=member,
        stagegrant__state__in=[GrantState.GRANTED, GrantState.REQUESTED],
        legalentity__in=move.entity_ids,
    ).delete()


def _leave(member: Membership, move: Move) -> None:
    """Close the old membership; it stays as a record, with its stages as the log."""
    StageGrant.objects.filter(membership=member, state=GrantState.REQUESTED).update(
        state=GrantState.DECLINED,
        decided_by_id=move.decided_by_id,
        decided_at=move.at,
        answer="Компания перешла к другому клиенту: запросите снова",
    )
    StageGrant.objects.filter(membership=member, state=GrantState.GRANTED).update(
        state=GrantState.REVOKED, ended_at=move.at
    )
    LegalEntityUserObjectPermission.objects.filter(
        user_id=member.user_id, content_object__holding=move.source
    ).delete()
    member.is_active = False
    member.save(update_fields=["is_active"])


def role_in(target: Holding, role: Role, *, of: Holding) -> Role:
    """The same role in another holding: a ready one as it is, an own one as a copy with its matrix."""
    if role.holding_id is None or role.holding_id == target.pk:
        return role
    matrix = sorted(role.permissions.values_list("permission", "scope"))
    for own in Role.objects.filter(holding=target, first_stage=role.first_stage).order_by("pk"):
        is_same = sorted(own.permissions.values_list("permission", "scope")) == matrix
        if is_same and own.name.startswith(role.name):
            return own
    taken = Role.objects.usable_in(target.pk).filter(name=role.name).exists()
    name = f"{role.name} ({of.name})"[:_ROLE_NAME_LENGTH] if taken else role.name
    copy = Role.objects.create(holding=target, name=name, first_stage=role.first_stage)
    copy.permissions.bulk_create(
        copy.permissions.model(role=copy, permission=permission, scope=scope) for permission, scope in matrix
    )
    return copy


def invitations_follow(move: Move) -> None:
    """Invitations that wait in a holding that goes as a whole; an address that is known there is let go."""
    waiting = Invitation.objects.filter(holding=move.source, state=InvitationState.PENDING)
    for invitation in waiting.select_related("role").order_by("pk"):
        email = invitation.email
        known = Membership.objects.filter(holding=move.target, user__email=email).exists()
        invited = Invitation.objects.filter(
            holding=move.target, email=email, state=InvitationState.PENDING
        ).exists()
        if known or invited or invitation.role is None:
            invitation.state, invitation.ended_at = InvitationState.REVOKED, move.at
            invitation.save(update_fields=["state", "ended_at"])
            continue
        if invitation.is_whole_holding:
            invitation.legal_entities.set(move.entity_ids)
        invitation.holding, invitation.is_whole_holding = move.target, False
        invitation.role = role_in(move.target, invitation.role, of=move.source)
        invitation.save(update_fields=["holding", "is_whole_holding", "role"])


def invitations_narrow(move: Move) -> None:
    """Invitations of a holding that stays: without what has left it; those for nothing else are let go."""
    waiting = Invitation.objects.filter(holding=move.source, state=InvitationState.PENDING)
    for invitation in waiting.filter(is_whole_holding=False).order_by("pk"):
        invitation.legal_entities.remove(*move.entity_ids)
        if not invitation.legal_entities.exists():
            invitation.state, invitation.ended_at = InvitationState.REVOKED, move.at
            invitation.save(update_fields=["state", "ended_at"])


def _access_requests_move(entity_ids: frozenset[int], move: Move) -> None:
    """A person who asked both clients keeps the request that is there."""
    asked_there = AccessRequest.objects.filter(holding=move.target).values("registration")
    AccessRequest.objects.filter(holding=move.source, legal_entity__in=entity_ids).exclude(
        registration__in=asked_there
    ).update(holding=move.target)


def _main_entities_choose(move: Move) -> None:
    """The old holding gets another main one where its own has left; a new one gets the first that came."""
    for holding in (move.source, move.target):
        own = LegalEntity.objects.in_use().filter(holding=holding)
        if own.filter(pk=holding.main_entity_id or 0).exists():
            continue
        holding.main_entity = own.order_by("pk").first()
        holding.save(update_fields=["main_entity"])
