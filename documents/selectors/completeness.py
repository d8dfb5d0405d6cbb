"""«Комплектность»: which papers a shipment must have, and which of them there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from counterparties.actor import Actor
from documents.models import Document, EdoMessage, ReceivedDocument, RequiredPaper, SignedCopy
from documents.selectors.listing import firm_like
from documents.selectors.rows import DocumentRow, issued_row, received_row
from documents.states import IN_FORCE, DocumentKind, DocumentState, EdoStatus, ReceivedKind
from orders.models import ErpDocument, OrderPart
from orders.selectors.shipment_list import shipments_visible_to
from orders.states import ErpDocumentKind

PAGE_SIZE = 25
GIVEN_DAYS = 5
"""Calendar days within which papers of a shipment are made out (п. 3 ст. 168 НК)."""
_MEANT: Mapping[str, ReceivedKind] = {
    DocumentKind.UPD: ReceivedKind.UPD,
    DocumentKind.FACTURA: ReceivedKind.FACTURA,
    DocumentKind.WAYBILL: ReceivedKind.SHIPMENT,
}
_COVERED = frozenset({ReceivedKind.SHIPMENT, ReceivedKind.FACTURA})
"""A УПД is a delivery note and a счёт-фактура in one."""


class Standing(StrEnum):
    """How a required paper of a shipment stands."""

    HERE = "here"
    AWAITED = "awaited"
    MISSING = "missing"
    UNSIGNED = "unsigned"


LABELS = {
    Standing.HERE: "есть",
    Standing.AWAITED: "ждем",
    Standing.MISSING: "нет",
    Standing.UNSIGNED: "нужен подписанный",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A required paper of a shipment; `row` is the paper there is."""

    kind: ReceivedKind
    standing: Standing
    row: DocumentRow | None = None

    @property
    def label(self) -> str:
        return LABELS[self.standing]


@dataclass(frozen=True, slots=True)
class ShipmentPapers:
    """A shipment with the papers it must have."""

    paper: ErpDocument
    cells: tuple[Cell, ...]

    @property
    def is_complete(self) -> bool:
        return all(cell.standing == Standing.HERE for cell in self.cells)

    def owes(self, *standings: Standing) -> list[Cell]:
        return [cell for cell in self.cells if cell.standing in standings]


@dataclass(frozen=True, slots=True)
class CompletenessPage:
    rows: tuple[ShipmentPapers, ...]
    page: Page[ErpDocument]
    count: int


def completeness_rows(
    *,
    actor: Actor,
    legal_entity_id: int | None = None,
    firm: str = "",
    since: date | None = None,
    until: date | None = None,
    page: int | str = 1,
    on: date,
) -> CompletenessPage:
    """Shipments that the actor may see, the newest first, with their papers; eleven queries at most."""
    shipments = shipments_visible_to(actor).filter(is_deleted=False)
    if legal_entity_id is not None:
        shipments = shipments.filter(part__order__legal_entity=legal_entity_id)
    if firm:
        shipments = shipments.filter(firm_like(firm, of="part__order__legal_entity__"))
    if since is not None:
        shipments = shipments.filter(date__gte=since)
    if until is not None:
        shipments = shipments.filter(date__lte=until)
    ordered = _whole(shipments).order_by("-date", "-pk")
    place: Page[ErpDocument] = Paginator(ordered, PAGE_SIZE).get_page(page)
    issued, received = Document.objects.visible_to(actor), ReceivedDocument.objects.visible_to(actor)
    rows = shipment_papers(list(place.object_list), issued=issued, received=received, on=on)
    return CompletenessPage(rows=tuple(rows), page=place, count=place.paginator.count)


def shipments_since(since: date) -> list[ErpDocument]:
    """All shipments of clients from a day on, for reminders."""
    papers = ErpDocument.objects.filter(kind=ErpDocumentKind.SHIPMENT, is_deleted=False, date__gte=since)
    return list(_whole(papers).order_by("part__order__legal_entity_id", "date", "pk"))


def shipment_papers(
    papers: Collection[ErpDocument],
    *,
    issued: QuerySet[Document],
    received: QuerySet[ReceivedDocument],
    on: date,
) -> list[ShipmentPapers]:
    """The papers of each shipment by the rules of its organization and client; nine queries at most."""
    if not papers:
        return []
    rules = _rules(papers)
    found = _found(papers, issued, received)
    return [
        ShipmentPapers(paper, tuple(_cells(rules[_place(paper)], found[paper.pk], paper, on)))
        for paper in papers
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    kind: ReceivedKind
    row: DocumentRow
    is_signed: bool


def _whole(papers: QuerySet[ErpDocument]) -> QuerySet[ErpDocument]:
    return papers.select_related("part__order__legal_entity", "part__order__organization")


def _place(paper: ErpDocument) -> tuple[int, int]:
    return paper.part.order.organization_id, paper.part.order.holding_id


def _rules(papers: Collection[ErpDocument]) -> dict[tuple[int, int], dict[ReceivedKind, bool]]:
    """Required kinds of each organization and client, and whether a signed copy is; the client's own wins."""
    places = {_place(paper) for paper in papers}
    rows = RequiredPaper.objects.filter(organization__in={place[0] for place in places}).filter(
        Q(holding=None) | Q(holding__in={place[1] for place in places})
    )
    kept = sorted(rows, key=lambda row: (row.holding_id is not None, row.pk))
    return {
        place: {
            ReceivedKind(row.kind): row.needs_signed_copy
            for row in kept
            if row.organization_id == place[0] and row.holding_id in (None, place[1])
        }
        for place in places
    }


def _found(
    papers: Collection[ErpDocument], issued: QuerySet[Document], received: QuerySet[ReceivedDocument]
) -> dict[int, list[_Known]]:
    found: dict[int, list[_Known]] = defaultdict(list)
    ours = issued.filter(
        reference__in=[f"shipment:{paper.pk}" for paper in papers], state__in=IN_FORCE, kind__in=_MEANT
    ).defer("payload")
    for document in ours.prefetch_related(*_SIGNS).order_by("pk"):
        is_signed = document.state == DocumentState.SIGNED or _is_signed(document)
        known = _Known(_MEANT[document.kind], issued_row(document), is_signed)
        found[int(document.reference.partition(":")[2])].append(known)
    by_part: dict[int, list[ErpDocument]] = defaultdict(list)
    for paper in papers:
        by_part[paper.part_id].append(paper)
    parts = Prefetch("parts", queryset=OrderPart.objects.filter(pk__in=by_part))
    links = ReceivedDocument.parts.through.objects.filter(orderpart__in=by_part)
    theirs = received.in_force().filter(pk__in=links.values("receiveddocument_id"))  # type: ignore[attr-defined]
    for paper_of_erp in theirs.prefetch_related(parts, *_SIGNS).order_by("pk"):
        if _is_annulled(paper_of_erp):
            continue
        known = _Known(ReceivedKind(paper_of_erp.kind), received_row(paper_of_erp), _is_signed(paper_of_erp))
        for shipment in _shipments_of(paper_of_erp, by_part):
            found[shipment.pk].append(known)
    return found


_SIGNS = (
    Prefetch(
        "signed_copies",
        queryset=SignedCopy.objects.filter(returned_at=None).only("pk", "document_id", "received_id"),
    ),
    Prefetch(
        "edo_messages",
        queryset=EdoMessage.objects.only("pk", "document_id", "received_id", "status").order_by("pk"),
    ),
)


def _is_signed(paper: Document | ReceivedDocument) -> bool:
    is_signed_at_operator = any(one.status == EdoStatus.SIGNED for one in paper.edo_messages.all())
    return is_signed_at_operator or bool(paper.signed_copies.all())


def _is_annulled(paper: ReceivedDocument) -> bool:
    """Whether the last that 1C has told of its paper at the operator is that both sides gave it up."""
    messages = list(paper.edo_messages.all())
    return bool(messages) and messages[-1].status == EdoStatus.REVOKED


def _shipments_of(paper: ReceivedDocument, by_part: Mapping[int, list[ErpDocument]]) -> Iterable[ErpDocument]:
    """Shipments that a paper of 1C belongs to: of its parts, by number or day; the only one of a part."""
    for part in paper.parts.all():
        shipments = by_part.get(part.pk, [])
        for shipment in shipments:
            is_same = paper.number and paper.number == shipment.number
            is_that_day = paper.date is not None and paper.date == shipment.date
            if is_same or is_that_day or (len(shipments) == 1 and paper.date is None):
                yield shipment


def _cells(
    required: Mapping[ReceivedKind, bool], known: Collection[_Known], paper: ErpDocument, on: date
) -> Iterable[Cell]:
    for kind, needs_signed in sorted(required.items()):
        same = [one for one in known if one.kind == kind]
        if not same and kind in _COVERED:
            same = [one for one in known if one.kind == ReceivedKind.UPD]
        whole = [one for one in same if one.row.has_file]
        signed = [one for one in whole if one.is_signed] or [one for one in same if one.is_signed]
        if signed or (whole and not needs_signed):
            yield Cell(kind, Standing.HERE, (signed or whole)[-1].row)
        elif whole:
            yield Cell(kind, Standing.UNSIGNED, whole[-1].row)
        elif same or _is_early(paper, on):
            yield Cell(kind, Standing.AWAITED, same[-1].row if same else None)
        else:
            yield Cell(kind, Standing.MISSING)


def _is_early(paper: ErpDocument, on: date) -> bool:
    """Whether papers of the shipment may still be on their way."""
    return paper.date is not None and on <= paper.date + timedelta(days=GIVEN_DAYS)
