"""One move of a claim: its state, the row of its history and the event."""

from collections.abc import Mapping
from datetime import datetime

from counterparties.actor import Actor
from orders.claim_states import CLAIM_TRANSITIONS, ClaimState, require_claim_step
from orders.events import ClaimMoved
from orders.models import Claim, ClaimStep
from orders.states import StepSource
from portal.outbox import publish

_LONGEST = 500


def claim_move(
    claim: Claim,
    target: ClaimState,
    *,
    actor: Actor | None,
    at: datetime,
    comment: str = "",
    table: Mapping[str, frozenset[ClaimState]] = CLAIM_TRANSITIONS,
    fields: tuple[str, ...] = (),
) -> ClaimStep:
    """Move a locked claim and save it with the fields that the caller has set. Raises WrongState."""
    require_claim_step(claim.state, target, table=table)
    claim.state = target
    claim.save(update_fields=["state", *fields])
    return claim_told(claim, actor=actor, at=at, comment=comment)


def claim_told(claim: Claim, *, actor: Actor | None, at: datetime, comment: str = "") -> ClaimStep:
    """A row of the history, told to those concerned."""
    step = claim_step(claim, actor=actor, at=at, comment=comment)
    publish(ClaimMoved(claim_id=claim.pk, step_id=step.pk, state=claim.state))
    return step


def claim_step(claim: Claim, *, actor: Actor | None, at: datetime, comment: str = "") -> ClaimStep:
    """A row of the history; without a person it is 1C's word."""
    return ClaimStep.objects.create(
        claim=claim,
        state=claim.state,
        comment=comment[:_LONGEST],
        source=StepSource.ERP if actor is None else StepSource.PORTAL,
        user_id=actor.user_id if actor else None,
        acting_user_id=actor.impersonator_id if actor else None,
        at=at,
    )
