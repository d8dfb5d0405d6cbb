"""Papers of 1C that move settlements, posted to the ledger."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from documents.models import ReceivedDocument
from documents.states import ReceivedKind
from finance.services.ledger import LedgerFacts, ledger_post
from finance.services.locking import settlements_lock
from finance.states import LedgerKind, LedgerSource
from orders.models import OrderPart

_SHIPMENTS = (ReceivedKind.SHIPMENT, ReceivedKind.UPD)

POSTED: dict[str, LedgerKind] = {
    ReceivedKind.SHIPMENT: LedgerKind.SHIPMENT,
    ReceivedKind.UPD: LedgerKind.SHIPMENT,
    ReceivedKind.CORRECTION: LedgerKind.CORR_UP,
    ReceivedKind.RETURN: LedgerKind.RETURN,
}
"""What moves settlements; invoices, acts and contracts do not. A correction below zero is one down."""


@transaction.atomic
def received_post(*, document_id: int, at: datetime) -> None:
    """Post a paper as it stands now. Idempotent.

    Without a sum or a contract (its own, or that of its orders) there is nothing to post. A delivery note
    and a УПД of one number and day are one shipment. Read behind the lock: of two workers the last one posts
    what the paper has become.
    """
    _document, _parts, contract_id = _read(document_id)
    if contract_id is not None:
        settlements_lock([contract_id])
    document, parts, contract_id = _read(document_id)
    total = document.total or Decimal(0)
    if document.kind not in POSTED or contract_id is None:
        return
    kind = POSTED[document.kind]
    if kind == LedgerKind.CORR_UP and total < 0:
        kind, total = LedgerKind.CORR_DOWN, -total
    day = document.date or localdate(at)
    ledger_post(
        facts=LedgerFacts(
            contract_id=contract_id,
            kind=kind,
            document_key=f"received:{_first_of(document)}",
            version=document.as_of.isoformat(),
            number=document.number,
            document_date=day,
            business_date=day,
            amount=total,
            source=LedgerSource.ERP,
            order_reference=parts[0].reference if len(parts) == 1 else "",
            is_deleted=document.is_deleted or not total,
        ),
        at=at,
    )


def _read(document_id: int) -> tuple[ReceivedDocument, list[OrderPart], int | None]:
    """The paper, its parts of orders, and the contract under which it moves money."""
    document = ReceivedDocument.objects.get(pk=document_id)
    parts = list(document.parts.select_related("order").order_by("pk"))
    return document, parts, document.contract_id or _contract_of(parts)


def _contract_of(parts: list[OrderPart]) -> int | None:
    found = {part.order.contract_id for part in parts}
    return found.pop() if len(found) == 1 else None


def _first_of(document: ReceivedDocument) -> int:
    """The paper that stands for the shipment: of several the first that came."""
    if document.kind not in _SHIPMENTS or not document.number or document.is_deleted:
        return document.pk
    same = ReceivedDocument.objects.in_force().filter(
        kind__in=_SHIPMENTS,
        number=document.number,
        date=document.date,
        legal_entity=document.legal_entity_id,
        contract=document.contract_id,
    )
    return min(same.values_list("pk", flat=True), default=document.pk)
