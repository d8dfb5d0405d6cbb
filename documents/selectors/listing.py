"""The list of all papers: ours and those of 1C in one order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value

from counterparties.actor import Actor
from counterparties.models import LegalEntity
from documents.models import Document, ReceivedDocument, SignedCopy
from documents.selectors.edo import edo_marked
from documents.selectors.rows import DocumentRow, issued_row, received_row
from documents.states import DocumentState, ReceivedKind
from finance.selectors import paid_by_reference
from orders.models import Order, OrderPart, order_id_of, order_reference

PAGE_SIZE = 50
WITH_ORIGINAL, WITHOUT_ORIGINAL, SIGNED = "with", "without", "signed"
FROM_ERP = "erp"
"""A state to choose that only papers of 1C have."""
KINDS_OF_RECEIVED: Mapping[str, tuple[str, ...]] = {"waybill": (ReceivedKind.SHIPMENT,)}
"""Kinds of ours that 1C calls otherwise."""

_Papers = dict[tuple[bool, int], DocumentRow]


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What to show; an empty value filters nothing.

    `firm` is a part of a name or the beginning of an ИНН, as an employee types it; `holding_id` his client.
    `original`: with a file, without one, or with a copy that the client has signed. `order` is its number
    or the beginning of it.
    """

    number: str = ""
    kind: str = ""
    legal_entity_id: int | None = None
    state: str = ""
    organization_id: int | None = None
    since: date | None = None
    until: date | None = None
    order: str = ""
    original: str = ""
    firm: str = ""
    holding_id: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of the list."""

    rows: tuple[DocumentRow, ...]
    page: Page[int]
    count: int


def document_rows(
    *,
    actor: Actor,
    chosen: DocumentFilter,
    page: int | str = 1,
    per_page: int = PAGE_SIZE,
    on: date | None = None,
) -> DocumentPage:
    """Newest papers first, visible to the actor; ten queries at most, whatever their number.

    `on` is the Moscow date on which invoices are told to be expired.
    """
    issued, received = _issued_found(actor, chosen), _received_found(actor, chosen)
    count = issued.count() + received.count()
    place: Page[int] = Paginator(range(count), per_page).get_page(page)
    first = (place.number - 1) * per_page
    keys = list(_keys(issued, received)[first : first + per_page])
    papers = _issued([pk for pk, is_erp, _day in keys if not is_erp], on)
    papers |= _received([pk for pk, is_erp, _day in keys if is_erp])
    orders = Order.objects.visible_to(actor).in_bulk({paper.order_id for paper in papers.values()} - {None})
    rows = tuple(edo_marked(_named(papers[is_erp, pk], orders) for pk, is_erp, _day in keys))
    return DocumentPage(rows=rows, page=place, count=count)


def _issued_found(actor: Actor, chosen: DocumentFilter) -> QuerySet[Document]:
    papers = _filtered(Document.objects.visible_to(actor), chosen, number="number_print")
    if chosen.kind:
        papers = papers.filter(kind="waybill" if chosen.kind == ReceivedKind.SHIPMENT else chosen.kind)
    if chosen.state == FROM_ERP or chosen.original == WITHOUT_ORIGINAL:
        return papers.none()
    if chosen.state:
        papers = papers.filter(state=chosen.state)
    if chosen.organization_id is not None:
        papers = papers.filter(organization=chosen.organization_id)
    if chosen.original == SIGNED:
        copies = Exists(SignedCopy.objects.filter(document=OuterRef("pk"), returned_at=None))
        papers = papers.filter(Q(state=DocumentState.SIGNED) | copies)
    if chosen.order:
        orders = _orders(actor, chosen.order)
        parts = Document.parts.through.objects.filter(orderpart__order__in=orders)
        references = [order_reference(pk) for pk in orders]
        papers = papers.filter(Q(reference__in=references) | Q(pk__in=parts.values("document_id")))
    return papers


def _received_found(actor: Actor, chosen: DocumentFilter) -> QuerySet[ReceivedDocument]:
    papers = _filtered(ReceivedDocument.objects.visible_to(actor).in_force(), chosen, number="number")
    if chosen.kind:
        papers = papers.filter(kind=chosen.kind)
    if chosen.state and chosen.state != FROM_ERP:
        return papers.none()
    if chosen.organization_id is not None:
        papers = papers.filter(
            Q(contract__organization=chosen.organization_id)
            | Q(pk__in=_of_parts(order__organization=chosen.organization_id))
        )
    if chosen.original:
        papers = papers.filter(file__isnull=chosen.original == WITHOUT_ORIGINAL)
    if chosen.original == SIGNED:
        copies = Exists(SignedCopy.objects.filter(received=OuterRef("pk"), returned_at=None))
        papers = papers.filter(copies)
    if chosen.order:
        papers = papers.filter(pk__in=_of_parts(order__in=_orders(actor, chosen.order)))
    return papers


def _of_parts(**found: Any) -> QuerySet[Any, Any]:
    links = ReceivedDocument.parts.through.objects.filter(orderpart__in=OrderPart.objects.filter(**found))
    return links.values("receiveddocument_id")


def _orders(actor: Actor, number: str) -> list[int]:
    """Orders that the actor may see whose number begins so; a hundred at most."""
    orders = Order.objects.visible_to(actor).filter(
        Q(number__istartswith=number) | Q(number__iendswith=number) | Q(erp_number__istartswith=number)
    )
    return list(orders.order_by("-pk").values_list("pk", flat=True)[:100])


def _filtered(papers: QuerySet[Any], chosen: DocumentFilter, *, number: str) -> QuerySet[Any]:
    if chosen.number:
        papers = papers.filter(**{f"{number}__icontains": chosen.number})
    if chosen.since is not None:
        papers = papers.filter(date__gte=chosen.since)
    if chosen.until is not None:
        papers = papers.filter(date__lte=chosen.until)
    if chosen.legal_entity_id is not None:
        pk = chosen.legal_entity_id  # our papers stay with the firm they name, its heir shows them
        papers = papers.filter(Q(legal_entity=pk) | Q(legal_entity__merged_into=pk))
    if chosen.holding_id is not None:
        firms = LegalEntity.objects.filter(_of_holding(chosen.holding_id))
        papers = papers.filter(legal_entity__in=firms.values("pk"))
    return papers.filter(firm_like(chosen.firm, of="legal_entity__")) if chosen.firm else papers


def firm_like(text: str, *, of: str = "") -> Q:
    """Whose name has the text in it, or whose ИНН begins with it; `of` is the way to the firm."""
    return Q(**{f"{of}name__icontains": text}) | Q(**{f"{of}inn__startswith": text})


def _of_holding(holding_id: int) -> Q:
    """Firms of a client; one that was merged into his is his, too."""
    return Q(holding=holding_id) | Q(merged_into__holding=holding_id)


def _keys(issued: QuerySet[Any], received: QuerySet[Any]) -> QuerySet[Any, tuple[int, bool, Any]]:
    """Which papers, in the order of their dates; one without a date comes last."""
    ours = issued.annotate(is_erp=Value(False, BooleanField())).values_list("pk", "is_erp", "date")
    theirs = received.annotate(is_erp=Value(True, BooleanField())).values_list("pk", "is_erp", "date")
    keys: QuerySet[Any, tuple[int, bool, Any]] = ours.union(theirs, all=True)
    return keys.order_by(F("date").desc(nulls_last=True), "is_erp", "-pk")


def _issued(pks: list[int], on: date | None) -> _Papers:
    if not pks:
        return {}
    parts = Prefetch("parts", queryset=OrderPart.objects.order_by("pk"))
    documents = list(
        Document.objects.filter(pk__in=pks)
        .select_related("legal_entity")
        .defer("payload")
        .prefetch_related(parts)
    )
    overdue = [one for one in documents if one.pay_until and on and one.pay_until < on]
    paid = paid_by_reference(one.reference for one in overdue)
    return {
        (False, document.pk): replace(
            issued_row(document),
            legal_entity=document.legal_entity.name,
            order_id=_order_id(document),
            is_expired=document in overdue and paid[document.reference] < document.total,
        )
        for document in documents
    }


def _order_id(document: Document) -> int | None:
    if document.reference.startswith("order:"):
        return order_id_of(document.reference)
    return next((part.order_id for part in document.parts.all()), None)


def _received(pks: list[int]) -> _Papers:
    if not pks:
        return {}
    parts = Prefetch("parts", queryset=OrderPart.objects.order_by("pk"))
    documents = ReceivedDocument.objects.filter(pk__in=pks).select_related("legal_entity")
    return {
        (True, document.pk): replace(
            received_row(document),
            legal_entity=document.legal_entity.name,
            order_id=next((part.order_id for part in document.parts.all()), None),
        )
        for document in documents.prefetch_related(parts)
    }


def _named(row: DocumentRow, orders: Mapping[int, Order]) -> DocumentRow:
    """With the order by its number; one that the actor may not see is not named."""
    order = orders.get(row.order_id) if row.order_id is not None else None
    if order is None:
        return replace(row, order_id=None)
    return replace(row, order_label=order.label)
