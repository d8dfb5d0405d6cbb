"""Issued papers of shipments for the tests of exchange, made past the services that issue them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from documents.models import Document, NumberSequence
from documents.payloads.codec import payload_sha256, to_json
from documents.payloads.transfer import TransferPayload
from documents.states import DocumentKind, DocumentState
from orders.models import Order
from portal.files.services import store
from tests.documents.edo.papers import AT, shipment
from tests.numbers import numbers


def make_upd(
    order: Order,
    payload: TransferPayload | None = None,
    *,
    kind: DocumentKind = DocumentKind.UPD,
    state: DocumentState = DocumentState.ISSUED,
    at: datetime = AT,
    **more: Any,
) -> Document:
    """A УПД of an order between its firms, whatever the payload calls them."""
    number = numbers.next()
    payload = replace(payload or shipment(), number=f"УТ-{number}")
    sequence, _is_new = NumberSequence.objects.get_or_create(
        organization=order.organization, kind=kind, year=payload.day.year, prefix="УТ-"
    )
    data = to_json(payload)
    return Document.objects.create(
        kind=kind,
        state=state,
        sequence=sequence,
        number=number,
        number_print=payload.number,
        date=payload.day,
        organization=order.organization,
        legal_entity=order.legal_entity,
        reference=order.reference,
        total=payload.total.gross,
        payload=data,
        payload_sha256=payload_sha256(data),
        template_version=payload.form,
        file=store(content=f"%PDF-1.7 {payload.number}".encode(), name="1.pdf", mime="application/pdf"),
        issued_at=at,
        **more,
    )


def with_operator(order: Order) -> Order:
    """Both sides take papers through an operator."""
    for firm, edo_id in ((order.organization, "2BM-7701123451-1"), (order.legal_entity, "2BM-7805123456-1")):
        firm.edo_operator, firm.edo_id = "Диадок", edo_id
        firm.save(update_fields=["edo_operator", "edo_id"])
    return order
