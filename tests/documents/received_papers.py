"""Papers of 1C for tests, made by the services."""

from datetime import UTC, date, datetime
from decimal import Decimal

from counterparties.models import LegalEntity
from documents.models import ReceivedDocument
from documents.services import FileContent, ReceivedFacts, received_file_keep, received_link, received_note
from documents.states import ReceivedKind
from orders.models import Order

LATER = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)


def make_received(
    entity: LegalEntity,
    *,
    kind: ReceivedKind = ReceivedKind.UPD,
    number: str = "17",
    order: Order | None = None,
    content: bytes = b"%PDF-1.7 upd",
    mime: str = "application/pdf",
) -> ReceivedDocument:
    facts = ReceivedFacts(
        kind=kind,
        number=number,
        date=date(2026, 11, 24),
        total=Decimal("300.00"),
        currency="RUB",
        legal_entity_id=entity.pk,
        contract_id=None,
        is_deleted=False,
        as_of=LATER,
    )
    document = received_note(document_id=None, facts=facts, at=LATER)
    if order is not None:
        received_link(document_id=document.pk, part_ids=order.parts.values_list("pk", flat=True))
    if content:
        file = FileContent(content=content, name="1.pdf", mime=mime)
        document = received_file_keep(document_id=document.pk, content=file, at=LATER)
    return document
