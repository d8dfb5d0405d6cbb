"""Shipments, payments, returns and papers that 1C has made out for an order."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from orders.erp import ErpOutcome, PaperFacts, RowFacts
from orders.events import PaperToldByErp
from orders.models import ErpDocument, ErpDocumentLine, Order, OrderPart
from orders.services.erp_ledger import POSTED
from orders.services.returns_made import return_awaited
from orders.services.shipment_moves import requests_closing
from orders.services.standing import order_settle
from portal.outbox import publish

_OUT_OF_THE_WAY = 1_000_000
_FIELDS = ("kind", "number", "date", "total", "is_deleted")
_ROW_FIELDS = ("sku_id", "name", "article", "unit", "quantity", "price", "vat_percent", "gross")


@transaction.atomic
def erp_paper_note(
    *,
    document_id: int | None,
    part_id: int,
    facts: PaperFacts,
    at: datetime,
    moves_order: bool = True,
    is_of_portal: bool = False,
) -> tuple[ErpDocument, ErpOutcome]:
    """Write down a document of 1C; without an id a new one.

    A new return of 1C that takes the goods of one made out by the portal (`is_of_portal`) is that one:
    it is the same money. Older facts change nothing. The order moves where its facts put it. Idempotent
    for a known id. Raises OrderPart.DoesNotExist, ErpDocument.DoesNotExist.
    """
    order_id = OrderPart.objects.values_list("order_id", flat=True).get(pk=part_id)
    Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)  # parents before children
    part = OrderPart.objects.select_for_update(of=("self",), no_key=True).get(pk=part_id)
    if document_id is not None:
        document = ErpDocument.objects.get(pk=document_id)
    else:
        awaited = None if is_of_portal else return_awaited(part_id, facts)
        document = awaited or ErpDocument(part=part)
    if facts.formed_at and document.formed_at and facts.formed_at < document.formed_at:
        return document, ErpOutcome.STALE
    told = {name: getattr(facts, name) for name in _FIELDS} | {"part_id": part_id, "total": _total(facts)}
    is_changed = any(getattr(document, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(document, name, value)
    document.formed_at = facts.formed_at or document.formed_at
    with requests_closing(part):
        document.save()
        is_changed |= _rows_written(document, facts)
    if (document_id is None or is_changed) and facts.kind in POSTED:
        publish(PaperToldByErp(document_id=document.pk, at=at))
    if moves_order:
        order_settle(order_id=order_id, at=at, comment=_paper_words(document, is_of_portal=is_of_portal))
    if document_id is None:
        return document, ErpOutcome.NEW
    return document, ErpOutcome.CHANGED if is_changed else ErpOutcome.SAME


def _paper_words(document: ErpDocument, *, is_of_portal: bool) -> str:
    words = _("Рекламация: {paper}") if is_of_portal else _("1С: {paper}")
    return words.format(paper=document)


def _total(facts: PaperFacts) -> Decimal | None:
    """The sum of the rows where 1C told no other: without one nothing would be owed for the goods."""
    if facts.total is not None or not facts.rows:
        return facts.total
    return sum((row.gross for row in facts.rows), Decimal(0))


def _rows_written(document: ErpDocument, facts: PaperFacts) -> bool:
    if facts.rows is None:
        return False
    known = [
        tuple(getattr(row, name) for name in _ROW_FIELDS)
        for row in ErpDocumentLine.objects.filter(document=document).order_by("position")
    ]
    if known == [tuple(getattr(row, name) for name in _ROW_FIELDS) for row in facts.rows]:
        return False
    _rows_replaced(document, facts.rows)
    return True


def _rows_replaced(document: ErpDocument, rows: Sequence[RowFacts]) -> None:
    """A row of the same good stays the same row: what the client has counted of it hangs on it."""
    known = ErpDocumentLine.objects.filter(document=document)
    spare: dict[tuple[int | None, str], list[ErpDocumentLine]] = {}
    for line in known.order_by("position"):
        spare.setdefault((line.sku_id, line.name), []).append(line)
    lines = []
    for place, row in enumerate(rows, start=1):
        same = spare.get((row.sku_id, row.name))
        line = same.pop(0) if same else ErpDocumentLine(document=document)
        line.position = place
        for name in _ROW_FIELDS:
            setattr(line, name, getattr(row, name))
        lines.append(line)
    kept = [line for line in lines if line.pk]
    known.exclude(pk__in=[line.pk for line in kept]).delete()
    known.update(position=F("position") + _OUT_OF_THE_WAY)  # places are unique while they change, too
    ErpDocumentLine.objects.bulk_update(kept, ["position", *_ROW_FIELDS])
    ErpDocumentLine.objects.bulk_create(line for line in lines if not line.pk)
