"""The money of an approved claim: a return of 1C, of the portal, or a paper that 1C has sent.

Locks: order, part, claims, as a load of 1C's papers does. A return belongs to one claim, a claim has one
credit; what the portal has made out gives way to 1C's own word of the same goods.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from orders.claim_refusals import NotLeftToReturn, ReturnNotFit, ReturnThere
from orders.claim_states import (
    APPROVED_CLAIMS,
    CLAIM_ERP_TRANSITIONS,
    ClaimState,
    require_claim_step,
)
from orders.erp import PaperFacts, RowFacts
from orders.models import Claim, ErpDocument, Order, OrderPart
from orders.selectors.claims import ZERO, approved_gross, claims_whole, is_left, return_fits, returns_free
from orders.services.claim_decisions import staff_only
from orders.services.claim_steps import claim_move, claim_step
from orders.services.erp_papers import erp_paper_note
from orders.states import ErpDocumentKind
from portal.lib.dates import moscow_date

_CREDIT = ("credited_at", "credit_reference", "credit_sum", "credit_paper", "is_credited_here")
_ROW = ("sku_id", "name", "article", "unit", "price", "vat_percent")


def paper_reference_of(paper: ErpDocument) -> str:
    """How the ledger names a document of 1C."""
    return f"erp_document:{paper.pk}"


@transaction.atomic
def claim_credit_follow(*, document_id: int, at: datetime) -> None:
    """Bring claims into line with a return: found for one, changed, or taken back. Idempotent.

    The return of a claim that a paper has credited already is that claim's, and no other's.
    """
    part_id = ErpDocument.objects.values_list("part_id", flat=True).get(pk=document_id)
    _part_locked(part_id)
    document = ErpDocument.objects.prefetch_related("lines").get(pk=document_id)
    if document.kind != ErpDocumentKind.RETURN:
        return
    claims = _claims_of(part_id)
    credited = next((claim for claim in claims if claim.credit_paper_id == document.pk), None)
    if credited is not None:
        _kept(credited, document, at)
    elif not document.is_deleted:
        fitting = [claim for claim in claims if return_fits(claim, document)]
        named = [claim for claim in fitting if document.number == claim.number]
        paid = [claim for claim in fitting if _lacks_return(claim)]
        claim = next((claim for claim in [*named, *paid, *fitting] if _takes_return(claim)), None)
        if claim is not None and _lacks_return(claim):
            _joined(claim, document, at)
        elif claim is not None:
            _credited(claim, document, actor=None, at=at)


@transaction.atomic
def claim_credit_match(*, claim_id: int, at: datetime) -> None:
    """Look whether 1C has made out the return of an approved claim already. Idempotent."""
    claim = _claim_locked(claim_id)
    if not _awaits(claim):
        return
    paper = next((paper for paper in returns_free(claim) if return_fits(claim, paper)), None)
    if paper is not None:
        _credited(claim, paper, actor=None, at=at)


@transaction.atomic
def claim_credit_choose(*, actor: Actor, claim_id: int, paper_id: int, at: datetime) -> Claim:
    """Credit a claim by a return of 1C that an employee has chosen; the portal's own return gives way to it.

    Raises AccessDenied, Claim.DoesNotExist, ReturnNotFit, WrongState.
    """
    staff_only(actor)
    claim = _claim_locked(Claim.objects.visible_to(actor).get(pk=claim_id).pk)
    if claim.credit_paper_id == paper_id and not claim.is_credited_here:
        return claim
    paper = next((paper for paper in returns_free(claim) if paper.pk == paper_id), None)
    if paper is None:
        raise ReturnNotFit
    _gives_way(claim, at)
    _credited(claim, paper, actor=actor, at=at)
    return claim


@transaction.atomic
def claim_credit_make(*, actor: Actor, claim_id: int, at: datetime) -> Claim:
    """Make out the return of an approved claim here; settlements and the УКД follow from it.

    A second click changes nothing. Raises AccessDenied, Claim.DoesNotExist, WrongState, ReturnThere,
    NotLeftToReturn.
    """
    staff_only(actor)
    claim = _claim_locked(Claim.objects.visible_to(actor).get(pk=claim_id).pk)
    if claim.state == ClaimState.CREDITED:
        return claim
    require_claim_step(claim.state, ClaimState.CREDITED)
    there = next((paper for paper in returns_free(claim) if return_fits(claim, paper)), None)
    if there is not None:
        raise ReturnThere(there.number)
    if not is_left(claim):
        raise NotLeftToReturn
    facts = _return_facts(claim, at)
    part_id = claim.shipment.part_id
    paper, _outcome = erp_paper_note(document_id=None, part_id=part_id, facts=facts, at=at, is_of_portal=True)
    _credited(claim, paper, actor=actor, at=at, is_here=True)
    return claim


@transaction.atomic
def claim_credit_received(
    *, claim_id: int, reference: str, title: str, total: Decimal, is_deleted: bool, at: datetime
) -> None:
    """1C has answered a claim by a paper that it posts; or has deleted that paper. Idempotent."""
    claim = _claim_locked(claim_id)
    if claim.credit_reference == reference and is_deleted:
        _uncredited(claim, title, at)
    elif claim.credit_reference == reference and claim.credit_sum != total:
        claim.credit_sum = total
        claim.save(update_fields=["credit_sum"])
        claim_step(claim, actor=None, at=at, comment=_("{paper}: сумма изменилась").format(paper=title))
    elif claim.credit_reference != reference and not is_deleted:
        _gives_way(claim, at)
        if _awaits(claim):
            claim.credit_reference, claim.credit_sum, claim.credited_at = reference, total, at
            claim.credit_paper = next((one for one in returns_free(claim) if return_fits(claim, one)), None)
            claim_move(
                claim, ClaimState.CREDITED, actor=None, at=at, comment=title, fields=_CREDIT
            )  # fmt: skip


@transaction.atomic
def claim_erp_refused(*, claim_id: int, reason: str, at: datetime) -> None:
    """1C makes no return by itself: a line of the history; a person decides what follows."""
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim_id)
    claim_step(claim, actor=None, at=at, comment=_("1С отказала: {reason}").format(reason=reason))


def _claim_locked(claim_id: int) -> Claim:
    part_id = Claim.objects.values_list("shipment__part_id", flat=True).get(pk=claim_id)
    _part_locked(part_id)
    return next(claim for claim in _claims_of(part_id) if claim.pk == claim_id)


def _part_locked(part_id: int) -> None:
    """As `erp_paper_note` does: 1C's returns of the part wait, or have come."""
    order_id = OrderPart.objects.values_list("order_id", flat=True).get(pk=part_id)
    Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
    OrderPart.objects.select_for_update(of=("self",), no_key=True).get(pk=part_id)


def _claims_of(part_id: int) -> list[Claim]:
    """All claims to shipments of a part, locked, whatever their state: one may be under decision."""
    claims = claims_whole(Claim.objects.filter(shipment__part=part_id)).prefetch_related("lines")
    return list(claims.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _awaits(claim: Claim) -> bool:
    return claim.state in APPROVED_CLAIMS


def _lacks_return(claim: Claim) -> bool:
    """A paper has credited it, the return of its goods has not come."""
    return claim.state == ClaimState.CREDITED and claim.credit_paper_id is None


def _takes_return(claim: Claim) -> bool:
    return _awaits(claim) or _lacks_return(claim)


def _joined(claim: Claim, paper: ErpDocument, at: datetime) -> None:
    """The money is given already: the return says what came back."""
    claim.credit_paper = paper
    claim.save(update_fields=["credit_paper"])
    claim_step(claim, actor=None, at=at, comment=str(paper))


def _credited(
    claim: Claim, paper: ErpDocument, *, actor: Actor | None, at: datetime, is_here: bool = False
) -> None:
    claim.credited_at, claim.credit_paper, claim.is_credited_here = at, paper, is_here
    claim.credit_reference, claim.credit_sum = paper_reference_of(paper), paper.total or ZERO
    claim_move(claim, ClaimState.CREDITED, actor=actor, at=at, comment=str(paper), fields=_CREDIT)


def _kept(claim: Claim, paper: ErpDocument, at: datetime) -> None:
    if claim.credit_reference != paper_reference_of(paper):  # another paper has credited it
        if paper.is_deleted:
            claim.credit_paper = None
            claim.save(update_fields=["credit_paper"])
            claim_step(claim, actor=None, at=at, comment=_("{paper} отменён").format(paper=paper))
    elif paper.is_deleted:
        _uncredited(claim, str(paper), at)
    elif claim.credit_sum != (paper.total or ZERO):
        claim.credit_sum = paper.total or ZERO
        claim.save(update_fields=["credit_sum"])
        claim_step(claim, actor=None, at=at, comment=_("{paper}: сумма изменилась").format(paper=paper))


def _uncredited(claim: Claim, title: str, at: datetime) -> None:
    """The money is owed again."""
    is_cut = any(line.approved != line.quantity for line in claim.lines.all())
    claim.credited_at = claim.credit_paper = claim.credit_sum = None
    claim.credit_reference, claim.is_credited_here = "", False
    claim_move(
        claim,
        ClaimState.APPROVED_PARTLY if is_cut else ClaimState.APPROVED,
        actor=None,
        at=at,
        comment=_("{paper} отменён").format(paper=title),
        table=CLAIM_ERP_TRANSITIONS,
        fields=_CREDIT,
    )


def _gives_way(claim: Claim, at: datetime) -> None:
    """The return that the portal has made is no more: 1C's own stands for the same goods."""
    own = claim.credit_paper
    if claim.state != ClaimState.CREDITED or not claim.is_credited_here or own is None:
        return
    facts = PaperFacts(
        kind=ErpDocumentKind.RETURN, formed_at=None, number=own.number, date=own.date, total=own.total,
        is_deleted=True, rows=None,
    )  # fmt: skip
    erp_paper_note(document_id=own.pk, part_id=own.part_id, facts=facts, at=at, is_of_portal=True)
    _uncredited(claim, str(own), at)


def _return_facts(claim: Claim, at: datetime) -> PaperFacts:
    """A return of what is approved, under the number of the claim."""
    lines = [line for line in claim.lines.all() if line.approved]
    rows = tuple(
        RowFacts(
            **{name: getattr(line, name) for name in _ROW},
            quantity=line.approved or ZERO,
            gross=approved_gross(line) or ZERO,
        )
        for line in sorted(lines, key=lambda line: line.position)
    )
    return PaperFacts(
        kind=ErpDocumentKind.RETURN,
        formed_at=None,
        number=claim.number,
        date=moscow_date(at),
        total=sum((row.gross for row in rows), ZERO),
        is_deleted=False,
        rows=rows,
    )
