"""Orders of 1C that wait until it is clear whose they are."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q

from integrations.models import HeldOrder
from integrations.onec.incoming.records import DocumentRecord
from integrations.services.incoming.keeping import document_kept, document_restored
from integrations.services.incoming.work import Work


def order_hold(work: Work, document: DocumentRecord, *, reason: str) -> None:
    """Keep a document with the reason; a newer one takes the place of the older."""
    buyer = document.buyer
    known = HeldOrder.objects.filter(node=work.node, external_id=held_key(document)).first()
    if known and known.formed_at and work.formed_at and work.formed_at < known.formed_at:
        return
    if known:
        earlier = document_restored(known.payload).subordinate
        document = _with_papers(replace(document, subordinate=earlier), document.subordinate)
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


def paper_hold(work: Work, paper: DocumentRecord) -> bool:
    """Keep a document with the order that it follows from, where that one waits; tell whether it does."""
    held = HeldOrder.objects.filter(node=work.node)
    row = held.filter(Q(external_id__in=paper.basis) | Q(number__in=paper.basis)).order_by("pk").first()
    if row is None:
        return False
    kept = document_restored(row.payload)
    row.payload = document_kept(_with_papers(kept, (paper,)))
    row.save(update_fields=["payload"])
    return True


def _with_papers(document: DocumentRecord, papers: Iterable[DocumentRecord]) -> DocumentRecord:
    """The document with papers that came apart from it; of one paper the last stays."""
    known = {paper.external_id: paper for paper in (*document.subordinate, *papers)}
    return replace(document, subordinate=tuple(known.values()))


def order_release(work: Work, document: DocumentRecord) -> None:
    """The document has found its place, or is of no use any more."""
    HeldOrder.objects.filter(node=work.node, external_id=held_key(document)).delete()


def held_key(document: DocumentRecord) -> str:
    """1C's id, else its number."""
    return document.external_id or f"№ {document.erp_number or document.number}"
