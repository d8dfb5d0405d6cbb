"""Documents of 1C by order, posted to the ledger."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from finance.services.ledger import LedgerFacts, ledger_post
from finance.services.locking import settlements_lock
from finance.states import LedgerKind, LedgerSource
from orders.models import ErpDocument, Order
from orders.services.credit_hold import order_credit_follow
from orders.states import ErpDocumentKind

POSTED: dict[str, LedgerKind] = {
    ErpDocumentKind.SHIPMENT: LedgerKind.SHIPMENT,
    ErpDocumentKind.PAYMENT: LedgerKind.PAYMENT,
    ErpDocumentKind.RETURN: LedgerKind.RETURN,
}
"""What moves settlements; invoices do not."""


@transaction.atomic
def paper_follow(*, document_id: int, at: datetime) -> None:
    """Post a document, and hold for its order what is left of it: the paper may have been the last.

    What has left is debt before its reserve goes: money paid ahead for it stays with it. Idempotent.
    """
    orders = Order.objects.select_for_update(of=("self",), no_key=True)
    order = orders.get(parts__erp_documents=document_id)  # before the lines of the limit
    paper_post(document_id=document_id, at=at)
    order_credit_follow(order_id=order.pk, at=at)


@transaction.atomic
def paper_post(*, document_id: int, at: datetime) -> None:
    """Post a document as it stands now; without a sum there is nothing to post. Idempotent.

    Read behind the lock: of two workers the last one posts what the document has become.
    """
    contracts = ErpDocument.objects.values_list("part__order__contract", flat=True)
    settlements_lock([contracts.get(pk=document_id)])
    document = ErpDocument.objects.select_related("part__order").get(pk=document_id)
    kind = POSTED.get(document.kind)
    if kind is None:
        return
    day = document.date or localdate(at)
    total = document.total or Decimal(0)
    ledger_post(
        facts=LedgerFacts(
            contract_id=document.part.order.contract_id,
            kind=kind,
            document_key=f"erp_document:{document.pk}",
            version=document.formed_at.isoformat() if document.formed_at else "",
            number=document.number,
            document_date=day,
            business_date=day,
            amount=total,
            source=LedgerSource.ERP,
            order_reference=document.part.reference,
            is_deleted=document.is_deleted or not total,
        ),
        at=at,
    )
