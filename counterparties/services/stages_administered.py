"""What an administrator of the distributor does to stages of rights, past the client's own people."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import AccessDenied, Actor
from counterparties.events import StageDecided
from counterparties.models import GrantState, StageGrant
from portal import outbox


@transaction.atomic
def stages_take(*, actor: Actor, grant_ids: Collection[int], at: datetime) -> int:
    """Take granted stages away at once; each person gets a letter. Return how many; ended ones are let be.

    Raises AccessDenied (not an administrator).
    """
    if not actor.is_administrator:
        raise AccessDenied
    granted = StageGrant.objects.filter(pk__in=grant_ids, state=GrantState.GRANTED)
    rows = list(granted.select_for_update(of=("self",)).order_by("pk"))
    for grant in rows:
        grant.state, grant.ended_at = GrantState.REVOKED, at
        grant.answer = _("Отозвал администратор")
    StageGrant.objects.bulk_update(rows, ["state", "ended_at", "answer"])
    for grant in rows:
        outbox.publish(StageDecided(grant_id=grant.pk, state=grant.state))
    return len(rows)
