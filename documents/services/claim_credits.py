"""An approved claim credited by the portal: the return, then its УКД."""

from datetime import datetime

from django.db import transaction

from counterparties.actor import Actor
from documents.models import Document
from documents.refusals import PaperNotPossible
from documents.selectors.claim_credits import corrects_here
from documents.selectors.shipped import RETURN, paper_reference
from documents.services.corrections import correctable, correction_issue
from documents.services.issuing import Finishing
from documents.services.paper_faults import paper_fault_note
from documents.states import DocumentKind
from orders.claim_refusals import NotCreditedHere
from orders.claim_states import ClaimState
from orders.models import Claim
from orders.services.claim_credits import claim_credit_make
from portal.lib.dates import moscow_date

_SHIPMENT = ("shipment__part__order__organization", "shipment__part__warehouse")


@transaction.atomic
def claim_credit_issue(*, actor: Actor, claim_id: int, at: datetime) -> Claim:
    """Make out the return of a claim where the portal numbers corrections; the УКД follows by a job.

    Raises AccessDenied, Claim.DoesNotExist, NotCreditedHere, WrongState, ReturnThere.
    """
    claim = Claim.objects.visible_to(actor).select_related(*_SHIPMENT).get(pk=claim_id)
    if not corrects_here(claim.shipment):
        raise NotCreditedHere
    return claim_credit_make(actor=actor, claim_id=claim_id, at=at)


def claim_correction_issue(
    *, claim_id: int, at: datetime, finishing: Finishing = transaction.atomic
) -> Document | None:
    """Issue the УКД of a claim that the portal has credited; None where there is nothing to correct.

    A shipment whose УПД is 1C's is corrected there; why it is not possible is told to managers, too.
    Idempotent. Raises PaperNotPossible, PdfFailed.
    """
    claim = Claim.objects.select_related("credit_paper", *_SHIPMENT).get(pk=claim_id)
    paper = claim.credit_paper
    original = correctable(claim.shipment)
    if claim.state != ClaimState.CREDITED or not claim.is_credited_here or paper is None or original is None:
        return None
    day = max(paper.date or moscow_date(at), original.date)  # no correction is older than what it corrects
    try:
        return correction_issue(
            original_id=original.pk,
            return_id=paper.pk,
            reason=f"Рекламация {claim.number}: {claim.get_kind_display().lower()}",
            day=day,
            at=at,
            finishing=finishing,
        )
    except PaperNotPossible as reason:
        paper_fault_note(reference=paper_reference(paper), reason=str(reason), at=at)
        raise


def claims_correction_issue(*, shipment_id: int, at: datetime) -> None:
    """Issue what claims wait for that were credited before their shipment had a УПД. Idempotent.

    One that is not possible keeps no other waiting. Raises PaperNotPossible with every reason, PdfFailed.
    """
    credited = Claim.objects.filter(
        shipment=shipment_id, state=ClaimState.CREDITED, is_credited_here=True, credit_paper__isnull=False
    )
    reasons = []
    rows = credited.order_by("pk").values_list("pk", "number", "credit_paper_id")
    for claim_id, number, paper_id in rows:
        made = Document.objects.filter(kind=DocumentKind.CORRECTION, reference=f"{RETURN}{paper_id}")
        if made.exists():  # what became of it since is a person's matter
            continue
        try:
            claim_correction_issue(claim_id=claim_id, at=at)
        except PaperNotPossible as reason:
            reasons.append(f"{number}: {reason}")
    if reasons:
        raise PaperNotPossible(" ".join(reasons))
