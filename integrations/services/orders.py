"""Orders on their way to 1C: queued, offered, taken. An unfit one is set aside, the others go."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from lxml import etree

from finance.selectors import paid_by_reference
from integrations.models import ExchangeNode, ExchangeSession, ExportState, OrderExport
from integrations.onec.order_check import order_faults
from integrations.onec.orders_xml import Element, OrderIds, order_element, orders_document
from integrations.selectors import exports_waiting, order_ids
from integrations.services.turns import orders_turn
from integrations.services.unconfirmed import (
    GUILTY,
    confirmed_note,
    exports_chosen,
    quarantine,
    unconfirmed_count,
)
from orders.models import Order, OrderLine, OrderPart
from orders.selectors.given_up import lines_given_up
from orders.services import part_accepted
from orders.states import OrderState

QUERY_LIMIT = 200  # UT loads all documents of an answer in one transaction
_OFFER_FIELDS = ["offered_in", "offered_version", "version", "digest", "unacked", "alone"]


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
def orders_renew(*, order_id: int) -> int:
    """Lines of an order have shrunk: its parts go out again as a new version; return how many.

    1C takes it while nobody there has begun with the order; later it passes over it, and its manager
    changes the order himself.
    """
    return OrderExport.objects.filter(part__order=order_id).update(
        state=ExportState.QUEUED, error="", version=F("version") + 1, unacked=0, alone=0
    )


@transaction.atomic
def orders_offer(*, session: ExchangeSession, at: datetime) -> bytes:
    """Make the answer to `query`: what waits and is fit. It is remembered what the session was offered."""
    orders_turn(session.node_id)
    waiting = list(exports_waiting(node=session.node, limit=QUERY_LIMIT))
    documents = _fit_documents(waiting, session.node)
    fit = [export for export in waiting if export.pk in documents]
    digests = [sha256(etree.tostring(documents[export.pk])).hexdigest() for export in fit]
    guilty = unconfirmed_count(fit, digests, session=session)
    quarantine(guilty, [GUILTY] * len(guilty))
    chosen = exports_chosen([export for export in fit if export not in guilty], node=session.node, at=at)
    for export in fit:
        is_chosen = export in chosen
        export.offered_in = session if is_chosen else None
        export.offered_version = export.version if is_chosen else 0
    OrderExport.objects.filter(offered_in=session).update(offered_in=None, offered_version=0)
    OrderExport.objects.bulk_update(fit, _OFFER_FIELDS)
    node, going = session.node, [documents[export.pk] for export in chosen]
    return orders_document(going, at=at, encoding=node.query_encoding, zone=node.zone)


def _fit_documents(waiting: Sequence[OrderExport], node: ExchangeNode) -> dict[int, Element]:
    """Documents by export; what 1C would stumble over is set aside."""
    ids = order_ids(node=node, exports=waiting)
    paid = paid_by_reference({export.part.order.reference for export in waiting})
    given_up = lines_given_up([export.part for export in waiting if not _standing(export)])
    documents, unfit, reasons = {}, [], []
    for export in waiting:
        document, faults = _document(export, given_up, ids, paid=paid[export.part.order.reference])
        if document is not None:
            documents[export.pk] = document
        else:
            unfit.append(export)
            reasons.append("; ".join(faults))
    quarantine(unfit, reasons)
    return documents


def _standing(export: OrderExport) -> list[OrderLine]:
    return [line for line in export.part.lines.all() if line.quantity]


def _document(
    export: OrderExport, given_up: Mapping[int, list[OrderLine]], ids: OrderIds, *, paid: Decimal
) -> tuple[Element | None, list[str]]:
    standing = _standing(export)
    order = export.part.order
    is_cancelled = not standing or order.state == OrderState.CANCELLED
    is_paid = export.part.is_paid or paid >= order.total > 0
    lines = standing or given_up.get(export.part_id, [])
    strangers = [line.name for line in lines if line.sku_id not in ids.skus]
    if strangers:
        return None, [f"товар не из этой базы 1С: {name}" for name in strangers]
    document = order_element(export.part, lines, ids, is_cancelled=is_cancelled, is_paid=is_paid)
    faults = order_faults(document)
    return (None, faults) if faults else (document, [])


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
    confirmed_note(exports, node=session.node)
    for export in exports:
        export.unacked = export.alone = 0
    fields = ["accepted_version", "state", "offered_in", "offered_version", "unacked", "alone"]
    OrderExport.objects.bulk_update(exports, fields)
    fresh = part_accepted(part_ids=[export.part_id for export in exports], at=at)
    orders_withdraw(part_ids=fresh)
    return len(exports)


@transaction.atomic
def orders_withdraw(*, part_ids: Collection[int]) -> int:
    """Parts that 1C has just been found to hold: those given up meanwhile go again, as cancelled; how many.

    The caller has noted them as taken, so nobody gives up more of them by himself.
    """
    return OrderExport.objects.filter(
        part__in=part_ids, part__is_cancelled=False, part__order__state=OrderState.CANCELLED
    ).update(state=ExportState.QUEUED, error="", version=F("version") + 1, unacked=0, alone=0)


@transaction.atomic
def export_requeue(*, export_ids: list[int]) -> int:
    """Give quarantined parts another try after what was wrong has been put right: as a new version."""
    return OrderExport.objects.filter(pk__in=export_ids, state=ExportState.QUARANTINED).update(
        state=ExportState.QUEUED, error="", version=F("version") + 1, unacked=0, alone=0
    )
