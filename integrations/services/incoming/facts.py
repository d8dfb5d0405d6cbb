"""Records of a file in the words of orders."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from integrations.models import ExternalKind, StateTarget
from integrations.onec.incoming.records import DocumentRecord, LineRecord, Operation
from integrations.services.incoming.matching import own_number
from integrations.services.incoming.truth import ErpTruth
from integrations.services.incoming.work import Work
from orders.erp import PaperFacts, PartFacts, RowFacts
from orders.states import ErpDocumentKind

PAPERS = {
    Operation.SHIPMENT: ErpDocumentKind.SHIPMENT,
    Operation.PAYMENT: ErpDocumentKind.PAYMENT,
    Operation.RETURN: ErpDocumentKind.RETURN,
    Operation.INVOICE: ErpDocumentKind.INVOICE,
    Operation.VAT_INVOICE: ErpDocumentKind.VAT_INVOICE,
}
_STANDINGS = (StateTarget.RESERVED, StateTarget.ON_HOLD, StateTarget.COMPLETED)


def part_facts(
    work: Work,
    document: DocumentRecord,
    *,
    target: StateTarget,
    formed_at: datetime | None,
    truth: ErpTruth,
) -> PartFacts:
    """Tell where an order stands; a document marked for deletion is a cancelled order."""
    return PartFacts(
        formed_at=formed_at,
        number=document.erp_number or ("" if own_number(document.number) else document.number),
        erp_date=document.erp_date,
        state_text=document.state_text,
        version=document.version,
        total=document.total,
        vat=_vat(document),
        is_posted=document.is_posted,
        is_cancelled=document.is_cancelled or document.is_deleted or target == StateTarget.CANCELLED,
        is_confirmed=target == StateTarget.CONFIRMED,
        is_paid=document.is_paid,
        paid_on=document.paid_on,
        is_shipped=document.is_shipped,
        shipped_on=document.shipped_on,
        rows=None if document.lines is None else _rows(work, document.lines),
        paid_sum=document.paid_sum,
        shipped_sum=document.shipped_sum,
        target=target.value if target in _STANDINGS else "",
        moves_order=truth.moves_order,
        changes_rows=truth.changes_rows,
    )


def paper_facts(work: Work, document: DocumentRecord, *, formed_at: datetime | None) -> PaperFacts:
    """Tell of a shipment, a payment or a paper."""
    made = document.made_at.date() if document.made_at else None
    return PaperFacts(
        kind=PAPERS[document.operation],
        formed_at=formed_at,
        number=document.erp_number or document.number,
        date=document.erp_date or made,
        total=document.total,
        is_deleted=document.is_deleted or document.is_cancelled,
        rows=None if document.lines is None else _rows(work, document.lines),
    )


def _rows(work: Work, lines: Sequence[LineRecord]) -> tuple[RowFacts, ...]:
    known = work.ids.find(ExternalKind.SKU, {line.external_id for line in lines if line.external_id})
    return tuple(
        RowFacts(
            sku_id=known.get(line.external_id),
            name=line.name,
            article=line.article,
            unit=line.unit,
            quantity=line.quantity,
            price=line.price,
            vat_percent=line.vat_percent,
            gross=line.gross,
            is_cancelled=line.is_cancelled,
        )
        for line in lines
    )


def _vat(document: DocumentRecord) -> Decimal | None:
    """As told, else that of the rows; None where there are none."""
    lines = document.lines
    if document.vat is not None or lines is None:
        return document.vat
    return sum((line.vat for line in lines if not line.is_cancelled), Decimal("0.00"))
