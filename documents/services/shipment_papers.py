"""Papers of a shipment that 1C has told of: issued where the portal numbers them, cancelled with it."""

from datetime import date, datetime, timedelta

from django.db import transaction

from documents.compose.transfer import status_of, transfer_payload
from documents.events import ShipmentPapersIssued
from documents.forms_in_force import form_in_force
from documents.models import Document, PaperFault
from documents.numbering import Series, series_of
from documents.payloads.transfer import STATUS_WITH_FACTURA, Revision
from documents.refusals import PaperNotPossible
from documents.selectors.shipped import Shipped, changes_of, paper_reference, shipped
from documents.services.issuing import (
    Composed,
    Draft,
    Finishing,
    LaidOut,
    document_issue,
    document_take,
    in_the_open,
    lay_out_all,
    paper_in_force,
)
from documents.services.states import document_cancel
from documents.states import IN_FORCE, DocumentKind
from orders.models import ErpDocument, OrderPart
from orders.states import ErpDocumentKind
from portal import outbox
from portal.lib.dates import moscow_date

_HISTORY = timedelta(days=31)
OF_SHIPMENT = (DocumentKind.UPD, DocumentKind.FACTURA, DocumentKind.WAYBILL)


def shipment_papers_issue(
    *, paper_id: int, at: datetime, finishing: Finishing = transaction.atomic
) -> list[Document]:
    """Issue those papers of a shipment whose series are the portal's; cancel them when 1C has deleted it.

    Idempotent; what is issued already stays, however the shipment has changed since: a person decides
    between an исправление and a УКД. A shipment of long ago (a first load brings years of them) gets
    papers by hand only. Returns the new ones.

    Raises ErpDocument.DoesNotExist, PaperNotPossible, PdfFailed.
    """
    paper = ErpDocument.objects.select_related("part__order__organization").get(pk=paper_id)
    if paper.is_deleted:
        with finishing():
            shipment_papers_cancel(reference=paper_reference(paper))
            PaperFault.objects.filter(reference=paper_reference(paper)).delete()
        return []
    if paper.kind != ErpDocumentKind.SHIPMENT:
        return []
    kinds = [kind for kind in OF_SHIPMENT if _series(paper, kind).is_ours]
    facts = shipped(paper_id) if kinds else None
    if facts is None:
        return []
    day = paper.date or moscow_date(at)
    if day < moscow_date(at) - _HISTORY:
        return []
    drafts = [shipment_draft(facts, kind, day=day) for kind in kinds]

    pages: dict[DocumentKind, LaidOut] = {}

    def issue(is_last: bool) -> list[Document]:
        nonlocal pages
        wanted = [draft for draft in drafts if paper_in_force(draft.kind, draft.reference) is None]
        if not wanted:
            return []
        pages = lay_out_all(wanted, earlier=pages)
        with finishing():
            require_alive(paper_id)
            taken = [
                document_take(draft=draft, paper=pages[draft.kind], at=at, is_last=is_last)
                for draft in wanted
            ]
            new = [document for document, is_new in taken if is_new]
            if new:
                told = ShipmentPapersIssued(paper_id=paper_id, document_ids=tuple(one.pk for one in new))
                outbox.publish(told)
            return new

    return in_the_open(issue)


@transaction.atomic
def shipment_papers_cancel(*, reference: str) -> None:
    """Cancel what is in force for a shipment, or a return, that is no more. Idempotent."""
    for document in Document.objects.filter(changes_of(reference), state__in=IN_FORCE).order_by("pk"):
        document_cancel(document_id=document.pk)


def shipment_paper_issue(
    *, paper_id: int, kind: DocumentKind, day: date, at: datetime, finishing: Finishing = transaction.atomic
) -> Document:
    """Issue one paper of a shipment by hand, under the date given; the one in force if there is one.

    Raises ErpDocument.DoesNotExist, PaperNotPossible (1C numbers such papers, among others), PdfFailed.
    """
    facts = shipped(paper_id)
    if facts.paper.is_deleted or facts.paper.kind != ErpDocumentKind.SHIPMENT:
        raise PaperNotPossible("Отгрузка отменена в 1С.")
    draft = shipment_draft(facts, kind, day=day)
    return document_issue(
        draft=draft, at=at, announce=lambda document: _tell(paper_id, document), finishing=finishing
    )


def revision_issue(
    *, document_id: int, day: date, at: datetime, finishing: Finishing = transaction.atomic
) -> Document:
    """Issue an исправление: the number and date of the paper, the next revision, everything else anew.

    Of two at once there is one. Raises Document.DoesNotExist, PaperNotPossible, PdfFailed.
    """
    original = Document.objects.get(pk=document_id)
    if original.kind not in OF_SHIPMENT or original.state not in IN_FORCE:
        raise PaperNotPossible(f"{original}: исправляют только действующий документ отгрузки.")
    facts = shipped(int(original.reference.partition(":")[2]))
    revision = Revision(number=original.revision + 1, day=day)
    draft = shipment_draft(
        facts, DocumentKind(original.kind), day=original.date, revises=(original, revision)
    )
    return document_issue(
        draft=draft,
        at=at,
        announce=lambda document: _tell(facts.paper.pk, document),
        finishing=finishing,
    )


def shipment_draft(
    facts: Shipped,
    kind: DocumentKind,
    *,
    day: date,
    revises: tuple[Document, Revision] | None = None,
) -> Draft:
    """How a paper of a shipment is to be issued. Raises PaperNotPossible."""
    order = facts.order
    form = revises[0].template_version if revises else form_in_force(kind, day).code

    def compose(number: str) -> Composed:
        payload = transfer_payload(
            shipped=facts,
            kind=kind,
            number=number,
            day=day,
            form=form,
            revision=revises[1] if revises else None,
        )
        return Composed(payload=payload, number=number, form=form, total=payload.total.gross)

    return Draft(
        kind=kind,
        reference=facts.reference,
        series=_series(facts.paper, kind, is_factura=status_of(facts, kind) == STATUS_WITH_FACTURA),
        day=day,
        legal_entity_id=order.legal_entity_id,
        contract_id=order.contract_id,
        part_ids=(facts.paper.part_id,),
        compose=compose,
        replaces=revises[0] if revises else None,
        is_revision=revises is not None,
    )


def _series(paper: ErpDocument, kind: DocumentKind, *, is_factura: bool = False) -> Series:
    """A УПД of status 1 is a счёт-фактура by its number."""
    return series_of(
        organization=paper.part.order.organization,
        kind=kind,
        warehouse_id=paper.part.warehouse_id,
        numbered_as=DocumentKind.FACTURA if kind == DocumentKind.UPD and is_factura else None,
    )


def require_alive(paper_id: int) -> None:
    """1C may have deleted a paper while ours to it were laid out; a deletion now waits for us.

    The part is locked and not the paper: that is what a load of 1C's documents locks first. Raises
    PaperNotPossible.
    """
    part_id = ErpDocument.objects.values_list("part_id", flat=True).get(pk=paper_id)
    OrderPart.objects.select_for_update(of=("self",), no_key=True).get(pk=part_id)
    if ErpDocument.objects.get(pk=paper_id).is_deleted:
        raise PaperNotPossible("Отгрузка отменена в 1С.")


def _tell(paper_id: int, document: Document) -> None:
    outbox.publish(ShipmentPapersIssued(paper_id=paper_id, document_ids=(document.pk,)))
