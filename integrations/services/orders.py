"""Orders on their way to 1C: queued, offered, taken. An unfit one is set aside, the others go."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from integrations.models import ExchangeNode, ExchangeSession, ExportState, OrderExport
from integrations.onec.order_check import order_faults
from integrations.onec.orders_xml import Element, OrderIds, order_element, orders_document
from integrations.selectors import exports_waiting, order_ids
from integrations.services.turns import orders_turn
from orders.models import Order, OrderPart
from orders.services import part_accepted

QUERY_LIMIT = 200  # UT loads all documents of an answer in one transaction

log = structlog.get_logger()


@transaction.atomic
def orders_enqueue(*, order_id: int) -> int:
    """Queue the parts of an order for the base of its organization; return how many were new.

    Idempotent. An organization without a base keeps its orders to itself; one whose base is switched
    off has them wait until it is on again.
    """
    order = Order.objects.get(pk=order_id)
    nodes = ExchangeNode.objects.filter(organizations=order.organization_id)
    node = nodes.order_by("-is_active", "pk").first()
    if node is None:
        return 0
    parts = OrderPart.objects.filter(order=order, export__isnull=True).order_by("pk")
    exports = [
        OrderExport(node=node, part=part, version=part.version, queued_at=timezone.now()) for part in parts
    ]
    OrderExport.objects.bulk_create(exports, ignore_conflicts=True)
    return len(exports)


@transaction.atomic
def orders_offer(*, session: ExchangeSession, at: datetime) -> bytes:
    """Make the answer to `query`: what waits and is fit. It is remembered what the session was offered."""
    orders_turn(session.node_id)
    waiting = list(exports_waiting(node=session.node, limit=QUERY_LIMIT))
    ids = order_ids(node=session.node, exports=waiting)
    documents, offered = [], []
    for export in waiting:
        document, faults = _document(export, ids)
        if document is None:
            _quarantine(export, faults)
            continue
        documents.append(document)
        export.offered_in, export.offered_version = session, export.version
        offered.append(export)
    OrderExport.objects.filter(offered_in=session).exclude(pk__in=[export.pk for export in offered]).update(
        offered_in=None, offered_version=0
    )
    OrderExport.objects.bulk_update(offered, ["offered_in", "offered_version"])
    return orders_document(documents, at=at)


def _document(export: OrderExport, ids: OrderIds) -> tuple[Element | None, list[str]]:
    lines = list(export.part.lines.all())
    strangers = [line.name for line in lines if line.sku_id not in ids.skus]
    if strangers:
        return None, [f"товар не из этой базы 1С: {name}" for name in strangers]
    document = order_element(export.part, lines, ids)
    faults = order_faults(document)
    return (None, faults) if faults else (document, [])


def _quarantine(export: OrderExport, faults: list[str]) -> None:
    export.state, export.error = ExportState.QUARANTINED, "; ".join(faults)
    export.save(update_fields=["state", "error"])
    log.error("order_quarantined", export=export.pk, part=export.part.number, faults=faults)


@transaction.atomic
def orders_accept(*, session: ExchangeSession, at: datetime) -> int:
    """1C has taken what this session's last query offered, in exactly those versions; idempotent.

    A part that was changed since then stays in the queue.
    """
    orders_turn(session.node_id)
    exports = list(
        OrderExport.objects.select_for_update(of=("self",))
        .filter(offered_in=session, state=ExportState.QUEUED)
        .order_by("pk")
    )
    for export in exports:
        export.accepted_version = export.offered_version
        if export.accepted_version == export.version:
            export.state = ExportState.ACCEPTED
        export.offered_in, export.offered_version = None, 0
    OrderExport.objects.bulk_update(exports, ["accepted_version", "state", "offered_in", "offered_version"])
    part_accepted(part_ids=[export.part_id for export in exports], at=at)
    return len(exports)


@transaction.atomic
def export_requeue(*, export_ids: list[int]) -> int:
    """Give quarantined parts another try after what was wrong has been put right."""
    return OrderExport.objects.filter(pk__in=export_ids, state=ExportState.QUARANTINED).update(
        state=ExportState.QUEUED, error=""
    )
