"""The УКД of a claim that the portal has credited: issued once, gone with its return."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from documents.models import Document
from documents.payloads.codec import from_json
from documents.payloads.correction import CorrectionPayload
from documents.refusals import PaperNotPossible
from documents.services import issuing
from documents.services.claim_credits import (
    claim_correction_issue,
    claim_credit_issue,
    claims_correction_issue,
)
from documents.services.shipment_papers import shipment_papers_issue
from documents.states import DocumentKind, DocumentState
from orders.claim_refusals import NotCreditedHere
from orders.models import Claim, ErpDocument, ErpDocumentLine
from orders.services.claim_credits import claim_credit_choose
from orders.states import ErpDocumentKind
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of
from tests.integrations.onec_talk import run_jobs
from tests.orders.claims import approve, make_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(world: World, quick_pdf: None) -> Claim:
    """Approved, to a shipment whose УПД is the portal's."""
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    paper = make_shipment(world)
    shipment_papers_issue(paper_id=paper.pk, at=AT)
    return approve(world, make_claim(world.buyer, paper, "2"))


def credit(world: World, claim: Claim) -> Claim:
    return claim_credit_issue(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)


def corrections() -> list[tuple[str, str]]:
    papers = Document.objects.filter(kind=DocumentKind.CORRECTION).order_by("pk")
    return list(papers.values_list("reference", "state"))


def test_credited_claim_has_one_correction(world: World, claim: Claim) -> None:
    own = credit(world, claim).credit_paper
    assert own is not None
    run_jobs()

    again = claim_correction_issue(claim_id=claim.pk, at=AT)

    assert corrections() == [(f"return:{own.pk}", DocumentState.ISSUED)]
    assert again is not None
    assert again.total == -(own.total or 0)


def test_credits_before_the_upd_is_laid_out_are_corrected_after_it(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    paper = make_shipment(world)
    claims = [
        credit(world, approve(world, make_claim(world.buyer, paper, quantity))) for quantity in ("2", "1")
    ]
    assert [claim_correction_issue(claim_id=claim.pk, at=AT) for claim in claims] == [None, None]

    ErpDocument.objects.filter(pk=paper.pk).update(date=TODAY + timedelta(days=3))
    shipment_papers_issue(paper_id=paper.pk, at=AT + timedelta(days=3))
    run_jobs()

    assert corrections() == [(f"return:{claim.credit_paper_id}", DocumentState.ISSUED) for claim in claims]
    original = Document.objects.get(kind=DocumentKind.UPD)
    assert {one.date for one in Document.objects.filter(kind=DocumentKind.CORRECTION)} == {original.date}


def test_one_claim_that_cannot_be_corrected_keeps_no_other_waiting(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    paper = make_shipment(world)
    first, second = (credit(world, approve(world, make_claim(world.buyer, paper, "1"))) for _ in range(2))
    ErpDocumentLine.objects.filter(document=first.credit_paper).update(quantity=10_000)
    shipment_papers_issue(paper_id=paper.pk, at=AT)

    with pytest.raises(PaperNotPossible, match=first.number):
        claims_correction_issue(shipment_id=paper.pk, at=AT)

    assert corrections() == [(f"return:{second.credit_paper_id}", DocumentState.ISSUED)]


def test_corrections_laid_out_at_once_follow_one_another(
    world: World, quick_pdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    paper = make_shipment(world)
    first, second = (credit(world, approve(world, make_claim(world.buyer, paper, "1"))) for _ in range(2))
    shipment_papers_issue(paper_id=paper.pk, at=AT)
    lay_out = issuing.lay_out

    def overtaken(draft: Any, **named: Any) -> Any:
        laid = lay_out(draft, **named)
        monkeypatch.setattr(issuing, "lay_out", lay_out)
        claim_correction_issue(claim_id=second.pk, at=AT)
        return laid

    monkeypatch.setattr(issuing, "lay_out", overtaken)
    later = claim_correction_issue(claim_id=first.pk, at=AT)

    assert later is not None
    assert later.number == 2
    row = from_json(CorrectionPayload, later.payload).lines[0]
    assert row.before.quantity - row.after.quantity == 1
    assert row.before.quantity == paper.lines.order_by("position")[0].quantity - 1


def test_correction_is_cancelled_when_the_portals_return_gives_way(world: World, claim: Claim) -> None:
    own = credit(world, claim).credit_paper
    assert own is not None
    run_jobs()
    order = claim.shipment.part.order
    theirs = make_shipment(
        world, order=order, number="ВУТ-1", kind=ErpDocumentKind.RETURN, rows=[("1", "98.37")]
    )

    later = AT + timedelta(hours=1)
    claim_credit_choose(actor=actor_of(world.manager), claim_id=claim.pk, paper_id=theirs.pk, at=later)
    run_jobs()

    assert corrections() == [(f"return:{own.pk}", DocumentState.CANCELLED)]
    assert claim_correction_issue(claim_id=claim.pk, at=AT) is None


def test_return_that_is_deleted_while_its_correction_is_laid_out_has_none(world: World, claim: Claim) -> None:
    own = credit(world, claim).credit_paper
    assert own is not None

    @contextmanager
    def too_late() -> Iterator[None]:
        ErpDocument.objects.filter(pk=own.pk).update(is_deleted=True)
        with transaction.atomic():
            yield

    with pytest.raises(PaperNotPossible):
        claim_correction_issue(claim_id=claim.pk, at=AT, finishing=too_late)

    assert corrections() == []


def test_1c_numbers_corrections_so_nothing_is_made(world: World) -> None:
    claim = approve(world, make_claim(world.buyer, make_shipment(world), "2"))

    with pytest.raises(NotCreditedHere):
        credit(world, claim)

    assert (Claim.objects.get().state, corrections()) == ("approved", [])
    assert not ErpDocument.objects.filter(kind="return").exists()
