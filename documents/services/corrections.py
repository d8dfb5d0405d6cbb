"""УКД: papers of an agreed change of a shipment, or of a return."""

from datetime import date, datetime

from django.db import transaction

from documents.compose.correction import CorrectionFacts, corrected, correction_payload, less_returned
from documents.compose.transfer import transfer_lines
from documents.forms_in_force import form_in_force
from documents.models import Document
from documents.numbering import series_of
from documents.payloads.codec import from_json
from documents.payloads.correction import CorrectionPayload
from documents.payloads.parts import PaperRef
from documents.payloads.transfer import TransferPayload
from documents.refusals import PaperNotPossible
from documents.selectors.shipped import Shipped, paper_reference, shipped
from documents.services.issuing import (
    Announce,
    Composed,
    Draft,
    Finishing,
    document_issue,
    paper_in_force,
)
from documents.states import IN_FORCE, DocumentKind
from orders.models import ErpDocument
from orders.states import ErpDocumentKind

_CORRECTED = (DocumentKind.UPD, DocumentKind.FACTURA)


def correction_issue(
    *,
    original_id: int,
    return_id: int | None = None,
    reason: str,
    day: date,
    at: datetime,
    announce: Announce = lambda document: None,
    finishing: Finishing = transaction.atomic,
) -> Document:
    """Issue a УКД to a УПД: by a return of 1C, from where earlier УКД ended, else by the shipment as it is.

    One for a return and one for a changed shipment; the one there is if it was issued before. Raises
    Document.DoesNotExist, ErpDocument.DoesNotExist, PaperNotPossible, PdfFailed.
    """
    original = Document.objects.get(pk=original_id)
    if original.kind not in _CORRECTED or original.state not in IN_FORCE:
        raise PaperNotPossible(f"{original}: корректируют только действующий УПД или счет-фактуру.")
    facts = shipped(int(original.reference.partition(":")[2]) if return_id is None else return_id)
    _require_fit(facts, original, is_return=return_id is not None)
    issued = paper_in_force(DocumentKind.CORRECTION, facts.reference)
    if issued is not None:
        return issued
    draft = _draft(original, facts, reason=reason, day=day)
    return document_issue(draft=draft, at=at, announce=announce, finishing=finishing)


def correctable(paper: ErpDocument) -> Document | None:
    """The УПД in force that a return of the same part may correct: the newest one."""
    if paper.kind == ErpDocumentKind.SHIPMENT:
        reference = paper_reference(paper)
        found = (paper_in_force(kind, reference) for kind in _CORRECTED)
        return next((document for document in found if document is not None), None)
    documents = Document.objects.filter(parts=paper.part_id, kind__in=_CORRECTED, state__in=IN_FORCE)
    return documents.order_by("-date", "-pk").first()


def _require_fit(facts: Shipped, original: Document, *, is_return: bool) -> None:
    expected = ErpDocumentKind.RETURN if is_return else ErpDocumentKind.SHIPMENT
    is_same = original.parts.filter(pk=facts.paper.part_id).exists()
    if facts.paper.kind != expected or facts.paper.is_deleted or not is_same:
        raise PaperNotPossible("Документ 1С отменен или относится к другой отгрузке.")


def _draft(original: Document, facts: Shipped, *, reason: str, day: date) -> Draft:
    named = PaperRef(name=original.get_kind_display(), number=original.number_print, day=original.date)
    before = from_json(TransferPayload, original.payload)
    form = form_in_force(DocumentKind.CORRECTION, day).code
    told = transfer_lines(facts)
    is_return = facts.paper.kind == ErpDocumentKind.RETURN
    if is_return:
        before = corrected(before, _earlier(original, named))
    after = less_returned(before.lines, told) if is_return else told
    agreed = CorrectionFacts(reason=reason, grounds=_grounds(facts) if is_return else ())

    def compose(number: str) -> Composed:
        payload = correction_payload(
            original=before, named=named, after=after, facts=agreed, number=number, day=day, form=form
        )
        total = payload.increase.gross - payload.decrease.gross
        return Composed(payload=payload, number=number, form=form, total=total)

    return Draft(
        kind=DocumentKind.CORRECTION,
        reference=facts.reference,
        series=series_of(
            organization=facts.order.organization,
            kind=DocumentKind.CORRECTION,
            warehouse_id=facts.paper.part.warehouse_id,
        ),
        day=day,
        legal_entity_id=original.legal_entity_id,
        contract_id=original.contract_id,
        part_ids=(facts.paper.part_id,),
        compose=compose,
    )


def _earlier(original: Document, named: PaperRef) -> list[CorrectionPayload]:
    """УКД in force to the same paper, the first one first."""
    documents = Document.objects.filter(
        kind=DocumentKind.CORRECTION, state__in=IN_FORCE, parts__in=original.parts.all()
    )
    found = documents.order_by("date", "pk").distinct().values_list("payload", flat=True)
    payloads = [from_json(CorrectionPayload, payload) for payload in found]
    return [payload for payload in payloads if named in payload.originals]


def _grounds(facts: Shipped) -> tuple[PaperRef, ...]:
    paper = facts.paper
    if not paper.number or paper.date is None:
        return ()
    return (PaperRef(name="Возврат товаров", number=paper.number, day=paper.date),)
