"""Stages of rights: who is trusted with papers, money and people."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.permissions import Stage
from counterparties.models import GrantState, Membership, StageGrant


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
