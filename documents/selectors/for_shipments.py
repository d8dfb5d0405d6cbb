"""Papers that belong to shipments of 1C."""

from collections import defaultdict
from collections.abc import Collection

from counterparties.actor import Actor
from documents.models import Document, ReceivedDocument
from documents.selectors.rows import DocumentRow, issued_row, received_row
from documents.states import IN_FORCE, ReceivedKind
from orders.models import ErpDocument

_KINDS = (ReceivedKind.SHIPMENT, ReceivedKind.UPD)


def document_rows_for_shipments(
    *, papers: Collection[ErpDocument], actor: Actor
) -> dict[int, list[DocumentRow]]:
    """Papers of shipments by the shipment's key, ours and those of 1C of the same part and number.

    Two queries, or none.
    """
    found: dict[int, list[DocumentRow]] = defaultdict(list)
    if not papers:
        return found
    ours = Document.objects.visible_to(actor).filter(
        reference__in=[f"shipment:{paper.pk}" for paper in papers], state__in=IN_FORCE
    )
    for document in ours.defer("payload").order_by("pk"):
        found[int(document.reference.partition(":")[2])].append(issued_row(document))
    by_place = {(paper.part_id, paper.number): paper.pk for paper in papers if paper.number}
    links = ReceivedDocument.parts.through.objects.filter(
        orderpart__in={part for part, _number in by_place},
        receiveddocument__in=ReceivedDocument.objects.visible_to(actor).in_force(),
        receiveddocument__kind__in=_KINDS,
        receiveddocument__number__in={number for _part, number in by_place},
    )
    for link in links.select_related("receiveddocument").order_by("receiveddocument_id"):
        place = (link.orderpart_id, link.receiveddocument.number)
        if place in by_place:
            found[by_place[place]].append(received_row(link.receiveddocument))
    return found
