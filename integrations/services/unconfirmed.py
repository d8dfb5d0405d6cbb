"""Orders that 1C fetches and does not confirm: one bad order would hold all of them for ever.

UT loads all documents of an answer in one transaction. After two sessions without `success` the
administrator is told, after three the orders go one at a time, in growing lots while 1C takes them; one
that it leaves twice when it is alone, and takes others, is set aside.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import structlog

from integrations.events import OrdersQuarantined, OrdersUnconfirmed
from integrations.models import ExchangeNode, ExchangeSession, ExportState, OrderExport, OrderTrial
from portal.outbox import publish

TOLD_AFTER, SUSPECT_AFTER, GUILTY_AFTER = 2, 3, 2
MOST_IN_LOT = 128
GUILTY = (
    "1С дважды забрала этот заказ отдельно и не подтвердила, а другие приняла. "
    "Причину покажет журнал обмена в 1С. Исправив её, верните заказ в очередь."
)

log = structlog.get_logger()


def unconfirmed_count(
    exports: Sequence[OrderExport], digests: Sequence[str], *, session: ExchangeSession
) -> list[OrderExport]:
    """Count sessions that were offered these very documents in vain; return those that are guilty now.

    A document that was changed starts anew. An order is guilty once 1C has left it twice when it was alone
    and has taken others meanwhile: without that, it is the base that does not answer.
    """
    trial = OrderTrial.objects.filter(node=session.node).first()
    together = Counter(export.offered_in_id for export in exports)
    late = []
    for export, digest in zip(exports, digests, strict=True):
        is_changed = export.digest not in {"", digest}
        export.digest = digest
        if is_changed:
            export.version += 1
            export.unacked = export.alone = 0
        elif export.offered_in_id not in {None, session.pk}:
            export.unacked += 1
            if trial is not None and trial.has_taken and together[export.offered_in_id] == 1:
                export.alone += 1
            late.append(export)
    if trial is not None and late:
        trial.limit = 1
        trial.save(update_fields=["limit"])
    _tell([export.part.number for export in late if export.unacked == TOLD_AFTER], session)
    return [export for export in late if export.alone >= GUILTY_AFTER]


def exports_chosen(exports: Sequence[OrderExport], *, node: ExchangeNode, at: datetime) -> list[OrderExport]:
    """Choose what goes out: everything, or while a culprit is looked for a lot of suspects or the others."""
    suspects = [export for export in exports if export.unacked >= SUSPECT_AFTER]
    if not suspects:
        OrderTrial.objects.filter(node=node).delete()
        return list(exports)
    others = [export for export in exports if export.unacked < SUSPECT_AFTER]
    trial, _is_new = OrderTrial.objects.get_or_create(node=node, defaults={"since": at})
    is_for_others = bool(others) and trial.is_turn_of_others
    trial.is_turn_of_others = bool(others) and not is_for_others
    trial.save(update_fields=["is_turn_of_others"])
    return others if is_for_others else _lot(suspects, trial.limit)


def confirmed_note(exports: Sequence[OrderExport], *, node: ExchangeNode) -> None:
    """1C has taken some: it does answer, and the next lot may be larger."""
    trial = OrderTrial.objects.filter(node=node).first()
    if trial is None or not exports:
        return
    trial.has_taken = True
    if any(export.unacked >= SUSPECT_AFTER for export in exports):
        trial.limit = min(2 * trial.limit, MOST_IN_LOT)
    trial.save(update_fields=["has_taken", "limit"])


def quarantine(exports: Sequence[OrderExport], reasons: Sequence[str]) -> None:
    """Set orders aside with the reason for the administrator; the others go."""
    if not exports:
        return
    for export, reason in zip(exports, reasons, strict=True):
        export.state, export.error = ExportState.QUARANTINED, reason
        log.error("order_quarantined", export=export.pk, part=export.part.number, reason=reason)
    OrderExport.objects.bulk_update(exports, ["state", "error"])
    publish(OrdersQuarantined(export_ids=tuple(export.pk for export in exports)))


def _tell(numbers: list[str], session: ExchangeSession) -> None:
    if numbers:
        told = tuple(sorted(numbers))
        log.error("orders_unconfirmed", node=session.node_id, numbers=told)
        publish(OrdersUnconfirmed(node_id=session.node_id, session_id=session.pk, numbers=told))


def _lot(suspects: Sequence[OrderExport], limit: int) -> list[OrderExport]:
    """Those that have failed least go first, never together with such as failed more often."""
    ordered = sorted(suspects, key=lambda export: (export.unacked, export.queued_at, export.pk))
    least = ordered[0].unacked
    return [export for export in ordered if export.unacked == least][:limit]
