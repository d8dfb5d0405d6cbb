"""A manager takes a claim into work and answers it. Locks: claim."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from orders.claim_refusals import DecisionWrong, NotByGoods, NothingApproved, NotLeftToReturn, ReasonMissing
from orders.claim_states import ClaimState, ClaimWish, require_claim_step
from orders.models import Claim, ClaimLine, Order
from orders.selectors.claims import is_left, is_since, returns_free
from orders.services.claim_steps import claim_move

_DECIDED = ("answer", "decided_by", "decided_at")


@transaction.atomic
def claim_take(*, actor: Actor, claim_id: int, at: datetime) -> Claim:
    """Take a claim into work. Raises AccessDenied, Claim.DoesNotExist, WrongState."""
    claim = claim_of_staff(actor, claim_id)
    claim_move(claim, ClaimState.IN_WORK, actor=actor, at=at)
    return claim


@transaction.atomic
def claim_approve(
    *,
    actor: Actor,
    claim_id: int,
    approved: Mapping[int, Decimal],
    reasons: Mapping[int, str],
    answer: str,
    at: datetime,
) -> Claim:
    """Approve so much of each line (by its key; lines that are not named wholly).

    What is cut needs a reason, of the line or of the whole. Raises AccessDenied, Claim.DoesNotExist,
    WrongState, DecisionWrong, NothingApproved, ReasonMissing, NotLeftToReturn (1C has changed the
    shipment, or taken the goods back otherwise).
    """
    claim = claim_of_staff(actor, claim_id)
    lines = list(claim.lines.order_by("position"))
    if not set(approved) <= {line.pk for line in lines}:
        raise DecisionWrong
    for line in lines:
        line.approved = approved.get(line.pk, line.quantity)
        line.reason = reasons.get(line.pk, "").strip() if line.approved < line.quantity else ""
        if not 0 <= line.approved <= line.quantity:
            raise DecisionWrong
    if not any(line.approved for line in lines):
        raise NothingApproved
    cut = [line for line in lines if line.approved != line.quantity]
    answer = answer.strip()
    if any(not (line.reason or answer) for line in cut):
        raise ReasonMissing
    target = ClaimState.APPROVED_PARTLY if cut else ClaimState.APPROVED
    require_claim_step(claim.state, target)
    ClaimLine.objects.bulk_update(lines, ["approved", "reason"])
    if not is_left(claim, beside=[paper.pk for paper in returns_free(claim) if is_since(claim, paper)]):
        raise NotLeftToReturn
    _decided(claim, actor, answer, at)
    claim_move(claim, target, actor=actor, at=at, comment=answer, fields=_DECIDED)
    return claim


@transaction.atomic
def claim_reject(*, actor: Actor, claim_id: int, answer: str, at: datetime) -> Claim:
    """Turn a claim down with a reason. Raises AccessDenied, Claim.DoesNotExist, WrongState, ReasonMissing."""
    claim = claim_of_staff(actor, claim_id)
    answer = answer.strip()
    if not answer:
        raise ReasonMissing
    _decided(claim, actor, answer, at)
    claim_move(claim, ClaimState.REJECTED, actor=actor, at=at, comment=answer, fields=_DECIDED)
    return claim


@transaction.atomic
def claim_complete(*, actor: Actor, claim_id: int, note: str, order_number: str = "", at: datetime) -> Claim:
    """End a claim to goods: they were replaced or brought, by an order of the client or as the note says.

    Raises AccessDenied, Claim.DoesNotExist, Order.DoesNotExist (not of this client), WrongState,
    NotByGoods, ReasonMissing (neither an order nor a note).
    """
    claim = claim_of_staff(actor, claim_id)
    if claim.wish == ClaimWish.REFUND:
        raise NotByGoods
    note, order_number = note.strip(), order_number.strip()
    if not (note or order_number):
        raise ReasonMissing
    if order_number:
        orders = Order.objects.visible_to(actor).filter(holding_id=claim.holding_id)
        claim.follow_up = orders.get(number__iexact=order_number)
    comment = note or f"Заказ {order_number}"
    claim_move(claim, ClaimState.COMPLETED, actor=actor, at=at, comment=comment, fields=("follow_up",))
    return claim


def claim_of_staff(actor: Actor, claim_id: int) -> Claim:
    """Lock a claim of a client whom the employee serves. Raises AccessDenied, Claim.DoesNotExist."""
    staff_only(actor)
    return Claim.objects.filter(pk__in=Claim.objects.visible_to(actor).values("pk")).select_for_update(
        of=("self",)
    ).get(pk=claim_id)  # fmt: skip


def staff_only(actor: Actor) -> None:
    """Raises AccessDenied: inside a client's cabinet an employee decides nothing."""
    actor.require(Permission.CLIENT_SERVE)
    if actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.CLIENT_SERVE.label)


def _decided(claim: Claim, actor: Actor, answer: str, at: datetime) -> None:
    claim.answer, claim.decided_by_id, claim.decided_at = answer, actor.user_id, at
