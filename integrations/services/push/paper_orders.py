"""Which orders a paper of 1C belongs to; an order may come after its paper."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from counterparties.merge_gate import parties_hold
from documents.models import ReceivedDocument
from documents.services import received_link, received_link_add
from integrations.models import ExchangeNode, ExternalId, ExternalKind, PaperOrderRef
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.services.incoming.matching import part_of_paper
from integrations.services.incoming.work import Work
from integrations.services.turns import orders_turn

LOOKED_FOR = timedelta(days=30)


def paper_orders_note(work: Work, document: ReceivedDocument, refs: Iterable[str]) -> None:
    """Link a paper with these orders and no others; those that are not known are looked for again."""
    found = {ref: part_of_paper(work, (ref,)) for ref in refs}
    received_link(document_id=document.pk, part_ids={pk for pk in found.values() if pk is not None})
    unknown = [ref for ref, pk in found.items() if pk is None]
    PaperOrderRef.objects.filter(document=document).exclude(ref__in=unknown).delete()
    PaperOrderRef.objects.bulk_create(
        (PaperOrderRef(node=work.node, document=document, ref=ref, since=work.at) for ref in unknown),
        ignore_conflicts=True,
    )
    if unknown:
        text = f"Заказы документа {document.number} пока не найдены: {', '.join(unknown[:5])}"
        work.report.warn(text)


@transaction.atomic
def paper_orders_link(*, at: datetime) -> int:
    """Look again for orders that came after their papers; return how many were found. Idempotent.

    In the turn of each base, like its batches: both lock papers.
    """
    PaperOrderRef.objects.filter(since__lt=at - LOOKED_FOR).delete()
    waiting = PaperOrderRef.objects.values("node")
    linked = 0
    for node in ExchangeNode.objects.filter(pk__in=waiting).order_by("pk"):
        parties_hold()
        orders_turn(node.pk)
        linked += _link(Work(node=node, at=at, ids=ExternalIds(node.pk), report=LoadReport()))
    return linked


def _link(work: Work) -> int:
    """Orders of ours were there before their papers: only one of 1C, known by its id, can have come since."""
    known = ExternalId.objects.filter(
        node=work.node, kind=ExternalKind.ORDER_PART, external_id=OuterRef("ref")
    )
    linked = 0
    for row in PaperOrderRef.objects.filter(Exists(known), node=work.node).order_by("pk"):
        part_id = part_of_paper(work, (row.ref,))
        if part_id is not None:
            received_link_add(document_id=row.document_id, part_id=part_id)
            row.delete()
            linked += 1
    return linked
