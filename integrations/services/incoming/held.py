"""Orders of 1C that wait until it is clear whose they are."""

from integrations.models import HeldOrder
from integrations.onec.incoming.records import DocumentRecord
from integrations.services.incoming.keeping import document_kept
from integrations.services.incoming.work import Work


def order_hold(work: Work, document: DocumentRecord, *, reason: str) -> None:
    """Keep a document with the reason; a newer one takes the place of the older."""
    buyer = document.buyer
    known = HeldOrder.objects.filter(node=work.node, external_id=held_key(document)).first()
    if known and known.formed_at and work.formed_at and work.formed_at < known.formed_at:
        return
    told = {
        "number": document.erp_number or document.number,
        "client": buyer.name if buyer else "",
        "total": document.total,
        "reason": reason[:300],
        "payload": document_kept(document),
        "formed_at": work.formed_at,
        "tried_at": work.at,
    }
    HeldOrder.objects.update_or_create(
        node=work.node,
        external_id=held_key(document),
        defaults=told,
        create_defaults=told | {"received_at": work.at},
    )


def order_release(work: Work, document: DocumentRecord) -> None:
    """The document has found its place, or is of no use any more."""
    HeldOrder.objects.filter(node=work.node, external_id=held_key(document)).delete()


def held_key(document: DocumentRecord) -> str:
    """1C's id, else its number."""
    return document.external_id or f"№ {document.erp_number or document.number}"
