"""УКД: papers of an agreed change of a shipment, or of a return."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from documents.compose.correction import (
    CorrectionFacts,
    corrected,
    correction_payload,
    is_changed,
    less_returned,
)
from documents.compose.transfer import transfer_lines
from documents.events import ShipmentPapersIssued
from documents.forms_in_force import form_in_force
from documents.models import Document
from documents.numbering import series_of
from documents.payloads.codec import from_json
from documents.payloads.correction import CorrectionPayload
from documents.payloads.parts import PaperRef
from documents.payloads.transfer import TransferLine, TransferPayload
from documents.refusals import PaperNotPossible
from documents.selectors.shipped import (
    RETURN,
    Shipped,
    change_number,
    change_reference,
    is_change_of,
    paper_reference,
    shipped,
)
from documents.services.issuing import (
    Composed,
    Draft,
    Finishing,
    document_issue,
    paper_in_force,
)
from documents.services.shipment_papers import require_alive
from documents.states import IN_FORCE, DocumentKind
from orders.models import ErpDocument
from orders.states import ErpDocumentKind
from portal import outbox

_CORRECTED = (DocumentKind.UPD, DocumentKind.FACTURA)


def correction_issue(
    *,
    original_id: int,
    return_id: int | None = None,
    reason: str,
    day: date,
    at: datetime,
    finishing: Finishing = transaction.atomic,
) -> Document:
    """Issue a УКД to a УПД: by a return of 1C, else by the shipment as it is, from where earlier ones ended.

    One for a return and one for each change of a shipment; the one there is if it was issued before and
    nothing has changed since. The client hears of a new one as of other papers of the shipment.

    Raises Document.DoesNotExist, ErpDocument.DoesNotExist, PaperNotPossible, PdfFailed.
    """
    original = Document.objects.get(pk=original_id)
    if original.kind not in _CORRECTED or original.state not in IN_FORCE:
        raise PaperNotPossible(f"{original}: корректируют только действующий УПД или счет-фактуру.")
    facts = shipped(int(original.reference.partition(":")[2]) if return_id is None else return_id)
    _require_fit(facts, original, is_return=return_id is not None)
    is_return = return_id is not None
    issued = paper_in_force(DocumentKind.CORRECTION, facts.reference)
    if is_return and issued is not None:
        return issued
    change = _change(original, facts)
    changes = [
        one.document for one in change.earlier if is_change_of(facts.reference, one.document.reference)
    ]
    if changes and not is_return and not is_changed(change.before.lines, change.after):
        return changes[-1]
    draft = _draft(
        original,
        facts,
        reason,
        reference=facts.reference if is_return else _next_reference(facts.reference, changes),
        day=day,
    )
    return document_issue(
        draft=draft,
        at=at,
        announce=lambda document: _tell(original, document),
        finishing=lambda: _while_alive(facts.paper.pk, finishing),
    )


def _tell(original: Document, document: Document) -> None:
    """A УКД by a return is a paper of the shipment, too: the letter names what it corrects."""
    shipment_id = int(original.reference.partition(":")[2])
    outbox.publish(ShipmentPapersIssued(paper_id=shipment_id, document_ids=(document.pk,)))


@contextmanager
def _while_alive(paper_id: int, finishing: Finishing) -> Iterator[None]:
    """What is deleted meanwhile gets no УКД: who deletes it finds none to cancel."""
    with finishing():
        require_alive(paper_id)
        yield


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


@dataclass(frozen=True, slots=True)
class _Earlier:
    document: Document
    payload: CorrectionPayload


@dataclass(frozen=True, slots=True)
class _Change:
    """The paper as earlier УКД have left it, and its lines after this one."""

    named: PaperRef
    earlier: list[_Earlier]
    before: TransferPayload
    after: tuple[TransferLine, ...]


def _change(original: Document, facts: Shipped) -> _Change:
    named = PaperRef(name=original.get_kind_display(), number=original.number_print, day=original.date)
    earlier = _earlier(original, named)
    before = corrected(from_json(TransferPayload, original.payload), [one.payload for one in earlier])
    return _Change(named, earlier, before, _after(before, facts, earlier))


def _after(before: TransferPayload, facts: Shipped, earlier: list[_Earlier]) -> tuple[TransferLine, ...]:
    """What is left after a return; of a changed shipment: as 1C has it now, less what came back since."""
    told = transfer_lines(facts)
    if facts.paper.kind == ErpDocumentKind.RETURN:
        return less_returned(before.lines, told)
    after = tuple(told)
    for one in earlier:
        start, _colon, pk = one.document.reference.partition(":")
        if f"{start}:" == RETURN:
            after = less_returned(after, transfer_lines(shipped(int(pk))))
    return after


def _next_reference(reference: str, changes: list[Document]) -> str:
    """The first change of a shipment is named as the shipment is, the others by their number."""
    numbers = [change_number(change.reference) for change in changes]
    return change_reference(reference, max(numbers) + 1) if numbers else reference


def _draft(original: Document, facts: Shipped, reason: str, *, reference: str, day: date) -> Draft:
    form = form_in_force(DocumentKind.CORRECTION, day).code
    grounds = _grounds(facts) if facts.paper.kind == ErpDocumentKind.RETURN else ()
    agreed = CorrectionFacts(reason=reason, grounds=grounds)

    def compose(number: str) -> Composed:
        # Read for each layout: who takes the number meanwhile may have corrected the same paper.
        change = _change(original, facts)
        payload = correction_payload(
            original=change.before,
            named=change.named,
            after=change.after,
            facts=agreed,
            number=number,
            day=day,
            form=form,
        )
        total = payload.increase.gross - payload.decrease.gross
        return Composed(payload=payload, number=number, form=form, total=total)

    return Draft(
        kind=DocumentKind.CORRECTION,
        reference=reference,
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


def _earlier(original: Document, named: PaperRef) -> list[_Earlier]:
    """УКД in force to the same paper, the first one first."""
    documents = Document.objects.filter(
        kind=DocumentKind.CORRECTION, state__in=IN_FORCE, parts__in=original.parts.all()
    )
    found = [
        _Earlier(document, from_json(CorrectionPayload, document.payload))
        for document in documents.order_by("date", "pk").distinct()
    ]
    return [one for one in found if named in one.payload.originals]


def _grounds(facts: Shipped) -> tuple[PaperRef, ...]:
    paper = facts.paper
    if not paper.number or paper.date is None:
        return ()
    return (PaperRef(name="Возврат товаров", number=paper.number, day=paper.date),)
