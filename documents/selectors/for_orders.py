"""Papers of an order, and papers found by number."""

from django.db.models import F, Q

from counterparties.actor import Actor
from documents.models import Document, ReceivedDocument
from documents.selectors.edo import edo_marked
from documents.selectors.rows import DocumentRow, issued_row, received_row
from orders.models import order_reference


def document_rows_for_order(*, order_id: int, actor: Actor) -> list[DocumentRow]:
    """Papers of an order that the actor may see: ours, then those of 1C, newest first.

    Ours are its invoices and papers of its shipments and requests. Three queries at most.
    """
    parts = Document.parts.through.objects.filter(orderpart__order=order_id)
    documents = Document.objects.visible_to(actor).filter(
        Q(reference=order_reference(order_id)) | Q(pk__in=parts.values("document_id"))
    )
    issued = [issued_row(document) for document in documents.defer("payload").order_by("-issued_at", "-pk")]
    of_order = ReceivedDocument.parts.through.objects.filter(orderpart__order=order_id)
    received = (
        ReceivedDocument.objects.visible_to(actor)
        .in_force()
        .filter(pk__in=of_order.values("receiveddocument_id"))
    )
    return edo_marked(
        issued
        + [received_row(document) for document in received.order_by(F("date").desc(nulls_last=True), "-pk")]
    )


def documents_numbered(*, actor: Actor, number: str, most: int) -> list[DocumentRow]:
    """Our papers visible to the actor whose number begins like this: the very number first, then the newest.

    One query.
    """
    documents = Document.objects.visible_to(actor).filter(number_print__istartswith=number)
    ordered = documents.annotate(is_very=Q(number_print__iexact=number)).order_by(
        "-is_very", "-issued_at", "-pk"
    )
    return [issued_row(document) for document in ordered.defer("payload")[:most]]
