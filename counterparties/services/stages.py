"""Stages of rights: who is trusted with papers, money and people."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.permissions import Stage
from counterparties.actor import AccessDenied, Actor
from counterparties.events import StageDecided, StageRequested
from counterparties.models import GrantState, Membership, StageGrant
from counterparties.rights_refusals import AlreadyDecided, RightsRefused, StageHeld
from counterparties.selectors import memberships_valid, trusted_stages
from counterparties.services.giving import (
    area_of,
    membership_locked,
    require_area,
    require_manager,
    require_may_give,
    require_until,
    stage_trust,
)
from portal import outbox
from portal.lib.dates import moscow_date


@transaction.atomic
def stage_give(
    *,
    membership: Membership,
    stage: Stage,
    legal_entity_ids: Collection[int] | None,
    valid_until: date | None,
    decided_by_id: int | None,
    at: datetime,
) -> StageGrant | None:
    """Grant a stage without a request, as an invitation or an approval of a client does.

    `legal_entity_ids=None` means the whole holding; `valid_until` is a Moscow date, inclusive. The first
    stage comes with the role and is no row: then None is returned.
    """
    if stage == Stage.ORDERS:
        return None
    grant = StageGrant.objects.create(
        membership=membership,
        stage=stage,
        state=GrantState.GRANTED,
        is_whole_holding=legal_entity_ids is None,
        valid_until=valid_until,
        requested_at=at,
        decided_by_id=decided_by_id,
        decided_at=at,
    )
    grant.legal_entities.set(legal_entity_ids or [])
    return grant


@transaction.atomic
def stage_request(*, actor: Actor, stage: Stage, reason: str, at: datetime) -> StageGrant:
    """Ask those who manage people for a stage; they get a letter. A second request is the first one.

    Raises AccessDenied (not in one's own name), StageHeld (open for the whole holding already).
    """
    if actor.membership_id is None or actor.impersonator_id is not None or actor.is_read_only:
        raise AccessDenied("Доступ запрашивают только для себя")
    member = Membership.objects.select_for_update(of=("self",)).get(pk=actor.membership_id)
    waiting = StageGrant.objects.filter(membership=member, stage=stage, state=GrantState.REQUESTED).first()
    if waiting is not None:
        return waiting
    if stage == Stage.ORDERS or _is_held(member, stage, on=moscow_date(at)):
        raise StageHeld
    grant = StageGrant.objects.create(
        membership=member,
        stage=stage,
        state=GrantState.REQUESTED,
        reason=reason.strip()[:300],
        requested_at=at,
    )
    outbox.publish(StageRequested(grant_id=grant.pk))
    return grant


@transaction.atomic
def stage_approve(
    *,
    actor: Actor,
    grant_id: int,
    legal_entity_ids: Collection[int] | None,
    valid_until: date | None,
    at: datetime,
) -> StageGrant:
    """Give what was asked for, for legal entities (None: the whole holding) and until a date.

    Raises AccessDenied, StageGrant.DoesNotExist, AlreadyDecided, and what `giving` refuses.
    """
    grant = _request_locked(actor, grant_id, at=at)
    _require_stage(actor, grant.membership, Stage(grant.stage), legal_entity_ids, valid_until, at=at)
    grant.is_whole_holding = legal_entity_ids is None
    grant.valid_until = valid_until
    _decided(grant, GrantState.GRANTED, actor, at=at, answer="")
    grant.legal_entities.set(legal_entity_ids or [])
    return grant


@transaction.atomic
def stage_decline(*, actor: Actor, grant_id: int, answer: str, at: datetime) -> StageGrant:
    """Say no with a reason. Raises AccessDenied, DoesNotExist, AlreadyDecided, OwnRights, AboveOwnRights."""
    grant = _request_locked(actor, grant_id, at=at)
    _decided(grant, GrantState.DECLINED, actor, at=at, answer=answer)
    return grant


@transaction.atomic
def stage_grant(
    *,
    actor: Actor,
    membership_id: int,
    stage: Stage,
    legal_entity_ids: Collection[int] | None,
    valid_until: date | None,
    at: datetime,
) -> StageGrant:
    """Give a colleague a stage that he did not ask for; an open request for it is settled by that.

    Raises AccessDenied, Membership.DoesNotExist, StageHeld (the first one), and what `giving` refuses.
    """
    require_manager(actor)
    member = membership_locked(actor, membership_id, on=moscow_date(at))
    waiting = StageGrant.objects.filter(membership=member, stage=stage, state=GrantState.REQUESTED).first()
    if waiting is not None:
        return stage_approve(
            actor=actor,
            grant_id=waiting.pk,
            legal_entity_ids=legal_entity_ids,
            valid_until=valid_until,
            at=at,
        )
    _require_stage(actor, member, stage, legal_entity_ids, valid_until, at=at)
    grant = stage_give(
        membership=member,
        stage=stage,
        legal_entity_ids=legal_entity_ids,
        valid_until=valid_until,
        decided_by_id=actor.user_id,
        at=at,
    )
    if grant is None:
        raise StageHeld
    outbox.publish(StageDecided(grant_id=grant.pk, state=grant.state))
    return grant


@transaction.atomic
def stage_revoke(*, actor: Actor, grant_id: int, answer: str, at: datetime) -> StageGrant:
    """Take a granted stage away; the next request of the person goes without it.

    Raises AccessDenied, StageGrant.DoesNotExist, AlreadyDecided, OwnRights, AboveOwnRights.
    """
    grant = _locked(actor, grant_id, at=at)
    if grant.state != GrantState.GRANTED:
        raise AlreadyDecided
    grant.state, grant.ended_at, grant.answer = GrantState.REVOKED, at, answer.strip()[:300]
    grant.save(update_fields=["state", "ended_at", "answer"])
    outbox.publish(StageDecided(grant_id=grant.pk, state=grant.state))
    return grant


@transaction.atomic
def stages_expire(*, at: datetime) -> int:
    """Note stages whose last day is over; return their number. Idempotent; the date alone ends the rights."""
    return StageGrant.objects.filter(state=GrantState.GRANTED, valid_until__lt=moscow_date(at)).update(
        state=GrantState.EXPIRED, ended_at=at
    )


def _require_stage(
    actor: Actor,
    member: Membership,
    stage: Stage,
    legal_entity_ids: Collection[int] | None,
    valid_until: date | None,
    *,
    at: datetime,
) -> None:
    on = moscow_date(at)
    if not memberships_valid(on).filter(pk=member.pk).exists():
        raise RightsRefused("Доступ сотрудника закрыт: сначала откройте его.")
    chosen = require_area(actor, area_of(legal_entity_ids))
    require_may_give(
        actor, role=member.role, area=area_of(legal_entity_ids), trusted=stage_trust(stage, chosen)
    )
    require_until(actor, stage=stage, entity_ids=chosen, until=valid_until, on=on)


def _locked(actor: Actor, grant_id: int, *, at: datetime) -> StageGrant:
    """Lock the person, then the row; only a colleague whose rights are no more than the actor's own."""
    require_manager(actor)
    membership_id = (
        StageGrant.objects.visible_to(actor).values_list("membership_id", flat=True).get(pk=grant_id)
    )
    member = membership_locked(actor, membership_id, on=moscow_date(at))
    grant = StageGrant.objects.select_for_update(of=("self",)).get(pk=grant_id)
    grant.membership = member
    return grant


def _request_locked(actor: Actor, grant_id: int, *, at: datetime) -> StageGrant:
    grant = _locked(actor, grant_id, at=at)
    if grant.state != GrantState.REQUESTED:
        raise AlreadyDecided
    return grant


def _decided(grant: StageGrant, state: GrantState, actor: Actor, *, at: datetime, answer: str) -> None:
    grant.state, grant.decided_by_id, grant.decided_at = state, actor.user_id, at
    grant.answer = answer.strip()[:300]
    grant.save(
        update_fields=["state", "decided_by", "decided_at", "answer", "is_whole_holding", "valid_until"]
    )
    outbox.publish(StageDecided(grant_id=grant.pk, state=grant.state))


def _is_held(member: Membership, stage: Stage, *, on: date) -> bool:
    """Whether the stage is open for every legal entity of the holding."""
    whole = frozenset(member.holding.legal_entities.values_list("pk", flat=True))
    return whole <= trusted_stages(member, on=on).get(stage, frozenset())
