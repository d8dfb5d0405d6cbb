"""The list of all papers: ours and those of 1C in one order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, F, Prefetch, Q, QuerySet, Value

from counterparties.actor import Actor
from documents.models import Document, ReceivedDocument
from documents.selectors.rows import DocumentRow, issued_row, received_row
from orders.models import Order, OrderPart, order_id_of

PAGE_SIZE = 50

_Papers = dict[tuple[bool, int], DocumentRow]


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What to show; an empty value filters nothing."""

    number: str = ""
    kind: str = ""
    legal_entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of the list."""

    rows: tuple[DocumentRow, ...]
    page: Page[int]
    count: int


def document_rows(
    *, actor: Actor, chosen: DocumentFilter, page: int | str = 1, per_page: int = PAGE_SIZE
) -> DocumentPage:
    """Newest papers first, visible to the actor; seven queries at most, whatever their number."""
    issued = _filtered(Document.objects.visible_to(actor), chosen, number="number_print")
    received = _filtered(ReceivedDocument.objects.visible_to(actor).in_force(), chosen, number="number")
    count = issued.count() + received.count()
    place: Page[int] = Paginator(range(count), per_page).get_page(page)
    first = (place.number - 1) * per_page
    keys = list(_keys(issued, received)[first : first + per_page])
    papers = _issued([pk for pk, is_erp, _day in keys if not is_erp])
    papers |= _received([pk for pk, is_erp, _day in keys if is_erp])
    orders = Order.objects.visible_to(actor).in_bulk({paper.order_id for paper in papers.values()} - {None})
    rows = tuple(_named(papers[is_erp, pk], orders) for pk, is_erp, _day in keys)
    return DocumentPage(rows=rows, page=place, count=count)


def _filtered(papers: QuerySet[Any], chosen: DocumentFilter, *, number: str) -> QuerySet[Any]:
    if chosen.number:
        papers = papers.filter(**{f"{number}__icontains": chosen.number})
    if chosen.kind:
        papers = papers.filter(kind=chosen.kind)
    if chosen.legal_entity_id is not None:
        pk = chosen.legal_entity_id  # our papers stay with the firm they name, its heir shows them
        papers = papers.filter(Q(legal_entity=pk) | Q(legal_entity__merged_into=pk))
    return papers


def _keys(issued: QuerySet[Any], received: QuerySet[Any]) -> QuerySet[Any, tuple[int, bool, Any]]:
    """Which papers, in the order of their dates; one without a date comes last."""
    ours = issued.annotate(is_erp=Value(False, BooleanField())).values_list("pk", "is_erp", "date")
    theirs = received.annotate(is_erp=Value(True, BooleanField())).values_list("pk", "is_erp", "date")
    keys: QuerySet[Any, tuple[int, bool, Any]] = ours.union(theirs, all=True)
    return keys.order_by(F("date").desc(nulls_last=True), "is_erp", "-pk")


def _issued(pks: list[int]) -> _Papers:
    if not pks:
        return {}
    documents = Document.objects.filter(pk__in=pks).select_related("legal_entity").defer("payload")
    return {
        (False, document.pk): replace(
            issued_row(document),
            legal_entity=document.legal_entity.name,
            order_id=order_id_of(document.reference),
        )
        for document in documents
    }


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
