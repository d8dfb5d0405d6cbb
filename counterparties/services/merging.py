"""Merging and splitting clients. One transaction, locks in one order: the gate, holdings, legal entities,
memberships, contracts, carts, orders, each by key.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_close
from counterparties.merging import Held
from counterparties.merging_refusals import (
    AlreadyMerged,
    HoldingLeftEmpty,
    NothingChosen,
    ReasonMissing,
    SameParty,
)
from counterparties.models import (
    CompanySignIn,
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    Membership,
    MergeKind,
    MergeRecord,
    Registration,
)
from counterparties.selectors.merging import held_rows, people_rows
from counterparties.services.absorbing import entity_absorb
from counterparties.services.relocating import (
    Fate,
    Move,
    entities_relocate,
    invitations_follow,
    invitations_narrow,
    with_merged,
)

_REASON_LENGTH = 500
_NAME_LENGTH = 160


@transaction.atomic
def entities_merge(
    *,
    actor: Actor,
    source_id: int,
    target_id: int,
    requisites_from_source: Collection[str],
    fates: Mapping[int, Fate],
    reason: str,
    at: datetime,
) -> MergeRecord:
    """Merge the source into the target; requisites are the target's but for those named.

    Of two holdings the source comes over first, with people as `fates` tell by membership. Raises
    AccessDenied, LegalEntity.DoesNotExist, SameParty, AlreadyMerged, HoldingLeftEmpty, RequisitesClash,
    ReasonMissing.
    """
    decided_by_id, reason = _author(actor), _reason(reason)
    parties_close()
    source, target = _entities_locked(actor, source_id, target_id)
    moved = held_rows([source.pk])
    source_holding = source.holding
    if source.holding_id != target.holding_id:
        _require_others(source_holding, frozenset({source.pk}))
        move = Move(source_holding, target.holding, frozenset({source.pk}), False, decided_by_id, at)
        moved += _people_held(move, fates)
        entities_relocate(move, fates)
        invitations_narrow(move)
        source.refresh_from_db()
    entity_absorb(
        source,
        target,
        requisites_from_source=frozenset(requisites_from_source),
        decided_by_id=decided_by_id,
        at=at,
    )
    return MergeRecord.objects.create(
        kind=MergeKind.ENTITIES,
        source_holding=source_holding,
        target_holding=target.holding,
        source_entity=source,
        target_entity=target,
        reason=reason,
        moved=[one.as_json() for one in moved],
        decided_by_id=decided_by_id,
        at=at,
    )


@transaction.atomic
def holdings_merge(*, actor: Actor, source_id: int, target_id: int, reason: str, at: datetime) -> MergeRecord:
    """Bring all legal entities and people of a client to another one; the empty client is closed.

    Raises AccessDenied, Holding.DoesNotExist, SameParty, AlreadyMerged, ReasonMissing.
    """
    decided_by_id, reason = _author(actor), _reason(reason)
    parties_close()
    if source_id == target_id:
        raise SameParty
    holdings = _holdings_locked(actor, {source_id, target_id})
    source, target = holdings[source_id], holdings[target_id]
    move = Move(source, target, _entity_ids(source), False, decided_by_id, at)
    everybody = Membership.objects.filter(holding=source).values_list("pk", flat=True)
    fates = dict.fromkeys(everybody, Fate.GO)
    moved = held_rows(with_merged(move.entity_ids)) + _people_held(move, fates)
    entities_relocate(move, fates)
    invitations_follow(move)
    _managers_copy(source, target)
    Registration.objects.filter(holding=source).update(holding=target)
    CompanySignIn.objects.filter(holding=source).update(holding=target)
    Holding.objects.filter(merged_into=source).update(merged_into=target)
    source.is_active, source.merged_into = False, target
    source.save(update_fields=["is_active", "merged_into"])
    return _record(MergeKind.HOLDINGS, move, moved, reason)


@transaction.atomic
def holding_split(
    *,
    actor: Actor,
    holding_id: int,
    entity_ids: Collection[int],
    name: str,
    fates: Mapping[int, Fate],
    reason: str,
    at: datetime,
) -> MergeRecord:
    """Make a new client of some legal entities of another, with chosen people and the same managers.

    Raises AccessDenied, Holding.DoesNotExist, LegalEntity.DoesNotExist, NothingChosen, HoldingLeftEmpty,
    AlreadyMerged, ReasonMissing.
    """
    decided_by_id, reason, name = _author(actor), _reason(reason), name.strip()[:_NAME_LENGTH]
    parties_close()
    source = _holdings_locked(actor, {holding_id})[holding_id]
    chosen = frozenset(entity_ids)
    if not chosen or not name:
        raise NothingChosen
    if not chosen <= _entity_ids(source):
        raise LegalEntity.DoesNotExist
    _require_others(source, chosen)
    target = Holding.objects.create(name=name, home_city_id=source.home_city_id)
    move = Move(source, target, chosen, True, decided_by_id, at)
    moved = held_rows(with_merged(chosen)) + _people_held(move, fates)
    entities_relocate(move, fates)
    invitations_narrow(move)
    _managers_copy(source, target)
    return _record(MergeKind.SPLIT, move, moved, reason)


def _author(actor: Actor) -> int:
    actor.require(Permission.CLIENT_SERVE)
    if actor.user_id is None or actor.impersonator_id is not None or actor.is_read_only:
        raise AccessDenied("Клиентов объединяют только от своего имени")
    return actor.user_id


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()[:_REASON_LENGTH]


def _holdings_locked(actor: Actor, holding_ids: Collection[int]) -> dict[int, Holding]:
    """Lock clients that the actor serves, by key. Raises Holding.DoesNotExist, AlreadyMerged."""
    rows = (
        Holding.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=holding_ids)
        .order_by("pk")
    )
    found = {one.pk: one for one in rows}
    if len(found) != len(holding_ids):
        raise Holding.DoesNotExist
    for holding in found.values():
        if holding.merged_into_id is not None:
            raise AlreadyMerged(holding.name)
    entities = LegalEntity.objects.filter(holding__in=found)
    list(entities.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    return found


def _entities_locked(actor: Actor, source_id: int, target_id: int) -> tuple[LegalEntity, LegalEntity]:
    if source_id == target_id:
        raise SameParty
    pair = LegalEntity.objects.filter(pk__in=[source_id, target_id])
    holding_ids = set(pair.values_list("holding_id", flat=True))
    try:
        holdings = _holdings_locked(actor, holding_ids)
    except Holding.DoesNotExist as error:
        raise LegalEntity.DoesNotExist from error
    found = {one.pk: one for one in pair}
    if len(found) != 2:
        raise LegalEntity.DoesNotExist
    for entity in found.values():
        entity.holding = holdings[entity.holding_id]
        if entity.merged_into_id is not None:
            raise AlreadyMerged(entity.name)
    return found[source_id], found[target_id]


def _entity_ids(holding: Holding) -> frozenset[int]:
    own = LegalEntity.objects.in_use().filter(holding=holding)
    return frozenset(own.values_list("pk", flat=True))


def _require_others(holding: Holding, leaving: frozenset[int]) -> None:
    if not _entity_ids(holding) - leaving:
        raise HoldingLeftEmpty(holding.name)


def _people_held(move: Move, fates: Mapping[int, Fate]) -> list[Held]:
    going = {pk for pk, fate in fates.items() if fate != Fate.STAY}
    return [people_rows(move.source.pk, going)]


def _managers_copy(source: Holding, target: Holding) -> None:
    """Who serves the one serves the other."""
    held = HoldingUserObjectPermission.objects.filter(content_object=target)
    known = set(held.values_list("user_id", "permission_id"))
    HoldingUserObjectPermission.objects.bulk_create(
        HoldingUserObjectPermission(content_object=target, user_id=user_id, permission_id=permission_id)
        for user_id, permission_id in HoldingUserObjectPermission.objects.filter(
            content_object=source
        ).values_list("user_id", "permission_id")
        if (user_id, permission_id) not in known
    )


def _record(kind: MergeKind, move: Move, moved: list[Held], reason: str) -> MergeRecord:
    return MergeRecord.objects.create(
        kind=kind,
        source_holding=move.source,
        target_holding=move.target,
        reason=reason,
        moved=[one.as_json() for one in moved],
        decided_by_id=move.decided_by_id,
        at=move.at,
    )
