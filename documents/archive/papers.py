"""The papers of a period that an archive holds: ours and those of 1C, as the person may see them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import structlog
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from counterparties.actor import Actor
from documents.archive.naming import Named
from documents.edo.files import EdoFile, EdoInvalid
from documents.models import Document, DocumentFile, ReceivedDocument, SignedCopy
from documents.selectors.edo import document_xml, stored_exchange_name
from documents.states import XML_KINDS, FileRole
from orders.models import Order, OrderPart, order_id_of
from portal.files.models import StoredFile
from portal.files.serving import FileDamaged

_BATCH = 200
_SIGNED = "подписанный"
_MARKS = {
    FileRole.SIGNATURE: "подпись",
    FileRole.PROTOCOL: "протокол",
    FileRole.SIGNED_SCAN: _SIGNED,
    FileRole.PRINT: "с отметкой ЭДО",
}
"""What stands beside a paper, as its name says; the Excel of a paper is another look at the same."""
_SIGNATURE_ENDINGS = frozenset({"sig", "sgn", "p7s"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedFile:
    """One file of a paper; an exchange file keeps its own `name`, which operators and 1C check.

    `mark` tells in the name what stands beside the paper: a signature, a copy.
    """

    file: StoredFile
    name: str = ""
    mark: str = ""
    ending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPaper:
    """A paper with its files; one of `document_id` and `received_id` is set. VAT of 1C's is not known.

    `exchange` builds the exchange file of a paper of which none was kept, None where there is none.
    """

    named: Named
    state: str
    currency: str
    vat: Decimal | None
    files: tuple[ArchivedFile, ...]
    document_id: int | None = None
    received_id: int | None = None
    exchange: Callable[[], EdoFile | None] | None = None


@dataclass(frozen=True, slots=True)
class ArchiveScope:
    """What of the archive: a period, a firm (None: all), kinds (none: all)."""

    since: date
    until: date
    legal_entity_id: int | None
    kinds: tuple[str, ...]


def paper_count(*, actor: Actor, scope: ArchiveScope) -> int:
    """How many papers there are; two queries."""
    return _issued(actor, scope).count() + _received(actor, scope).count()


def papers_in(*, actor: Actor, scope: ArchiveScope) -> Iterator[ArchivedPaper]:
    """Papers by date, ours first; in portions, so that memory does not grow with their number."""
    for ids in _portions(_issued(actor, scope)):
        yield from _issued_portion(ids)
    for ids in _portions(_received(actor, scope)):
        yield from _received_portion(ids)


def _portions(papers: QuerySet[Any]) -> Iterator[list[int]]:
    ids = list(papers.order_by("date", "pk").values_list("pk", flat=True))
    return (ids[first : first + _BATCH] for first in range(0, len(ids), _BATCH))


def _issued(actor: Actor, scope: ArchiveScope) -> QuerySet[Document]:
    return _scoped(Document.objects.visible_to(actor), scope)


def _received(actor: Actor, scope: ArchiveScope) -> QuerySet[ReceivedDocument]:
    return _scoped(ReceivedDocument.objects.visible_to(actor).in_force(), scope)


def _scoped(papers: QuerySet[Any], scope: ArchiveScope) -> QuerySet[Any]:
    papers = papers.filter(date__gte=scope.since, date__lte=scope.until)
    if scope.legal_entity_id is not None:
        pk = scope.legal_entity_id
        papers = papers.filter(Q(legal_entity=pk) | Q(legal_entity__merged_into=pk))
    return papers.filter(kind__in=scope.kinds) if scope.kinds else papers


def _issued_portion(ids: Sequence[int]) -> Iterator[ArchivedPaper]:
    beside = DocumentFile.objects.exclude(role=FileRole.XLSX).select_related("file").order_by("pk")
    documents = (
        Document.objects.filter(pk__in=ids)
        .select_related("legal_entity", "file")
        .prefetch_related(
            Prefetch("files", queryset=beside),
            Prefetch("parts", queryset=_PARTS),
            Prefetch("signed_copies", queryset=_COPIES),
        )
        .annotate(vat=KeyTextTransform("vat", KeyTextTransform("total", "payload")))
        .defer("payload")
        .order_by("date", "pk")
    )
    rows = list(documents)
    orders = Order.objects.in_bulk({order_id_of(row.reference) for row in rows if _is_of_order(row)})
    for row in rows:
        known = orders.get(order_id_of(row.reference)) if _is_of_order(row) else _first_order(row)
        yield ArchivedPaper(
            document_id=row.pk,
            named=Named(
                date=row.date,
                kind=row.get_kind_display(),
                number=row.number_print,
                inn=row.legal_entity.inn,
                firm=row.legal_entity.name,
                total=row.total,
                order=known.label if known else "",
            ),
            state=row.get_state_display(),
            currency=row.currency,
            vat=Decimal(row.vat) if row.vat else None,  # type: ignore[attr-defined]
            files=(
                ArchivedFile(file=row.file),
                *(_beside(one) for one in row.files.all()),
                *_copies(row),
            ),
            exchange=None if row.kind not in XML_KINDS or _has_xml(row) else partial(_exchange, row.pk),
        )


def _has_xml(row: Document) -> bool:
    return any(one.role == FileRole.XML for one in row.files.all())


def _beside(one: DocumentFile) -> ArchivedFile:
    if one.role == FileRole.XML:
        return ArchivedFile(file=one.file, name=one.name)
    _name, _dot, own = one.name.rpartition(".")
    is_signature = own.lower() in _SIGNATURE_ENDINGS
    return ArchivedFile(
        file=one.file, mark=_MARKS[FileRole(one.role)], ending=own.lower() if is_signature else ""
    )


def _copies(row: Document | ReceivedDocument) -> Iterator[ArchivedFile]:
    return (ArchivedFile(file=one.file, mark=_SIGNED) for one in row.signed_copies.all())


def _exchange(document_id: int) -> EdoFile | None:
    """The exchange file as it would be sent; None where the paper does not fit the format."""
    papers = Document.objects.select_related("organization", "legal_entity", "replaces")
    try:
        return document_xml(papers.get(pk=document_id))
    except (EdoInvalid, FileDamaged) as fault:
        log.warning("archive_without_xml", document=document_id, reason=str(fault)[:300])
        return None


def _received_portion(ids: Sequence[int]) -> Iterator[ArchivedPaper]:
    documents = (
        ReceivedDocument.objects.filter(pk__in=ids)
        .select_related("legal_entity", "file")
        .prefetch_related(Prefetch("parts", queryset=_PARTS), Prefetch("signed_copies", queryset=_COPIES))
        .order_by("date", "pk")
    )
    for row in documents:
        order = _first_order(row)
        yield ArchivedPaper(
            received_id=row.pk,
            named=Named(
                date=row.date,
                kind=row.get_kind_display(),
                number=row.number,
                inn=row.legal_entity.inn,
                firm=row.legal_entity.name,
                total=row.total,
                order=order.label if order else "",
            ),
            state="из 1С",
            currency=row.currency,
            vat=None,
            files=(*_own(row), *_copies(row)),
        )


def _own(row: ReceivedDocument) -> Iterator[ArchivedFile]:
    if row.file:
        yield ArchivedFile(file=row.file, name=stored_exchange_name(row.file))


_COPIES = SignedCopy.objects.filter(returned_at=None).select_related("file").order_by("pk")
_PARTS = OrderPart.objects.select_related("order").order_by("pk")


def _is_of_order(row: Document) -> bool:
    return row.reference.startswith("order:")


def _first_order(row: Document | ReceivedDocument) -> Order | None:
    part = next(iter(row.parts.all()), None)
    return part.order if part else None
