"""Administrators are told once when a stream turns late, and once when it is back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import transaction

from integrations.events import StreamsBack, StreamsLate
from integrations.models import StreamAlarm
from integrations.reports.freshness import StreamRow, stream_rows
from portal import outbox

log = structlog.get_logger()


@transaction.atomic
def alarms_turn(*, at: datetime) -> tuple[int, int]:
    """Note which streams have turned late since the last time, and which are back; return how many.

    Two that do it at once tell once: the row decides. A base that is paused is neither late nor back,
    nor is a stream of JSON whose last batch is so old that it has been removed.
    """
    rows = {(row.node.pk, row.kind.value): row for row in stream_rows(at=at)}
    standing = {(alarm.node_id, alarm.kind): alarm for alarm in StreamAlarm.objects.order_by("pk")}
    late = [row for key, row in rows.items() if row.is_late and key not in standing]
    over = [alarm for key, alarm in standing.items() if key not in rows or not rows[key].is_late]
    raised = [row for row in late if _raised(row, at)]
    ended = [alarm for alarm in over if _ended(alarm)]
    for node_id, kinds in _by_node((row.node.pk, row.kind.value) for row in raised).items():
        outbox.publish(StreamsLate(node_id=node_id, kinds=kinds, at=at))
    back = [alarm for alarm in ended if _is_back(rows.get((alarm.node_id, alarm.kind)))]
    for node_id, kinds in _by_node((alarm.node_id, alarm.kind) for alarm in back).items():
        outbox.publish(StreamsBack(node_id=node_id, kinds=kinds, at=at))
    if raised or ended:
        log.info("exchange_streams_turned", late=len(raised), back=len(back))
    return len(raised), len(ended)


def _raised(row: StreamRow, at: datetime) -> bool:
    _alarm, is_new = StreamAlarm.objects.get_or_create(
        node=row.node, kind=row.kind, defaults={"last_at": row.last_at or at, "raised_at": at}
    )
    return is_new


def _ended(alarm: StreamAlarm) -> bool:
    deleted, _models = StreamAlarm.objects.filter(pk=alarm.pk).delete()
    return bool(deleted)


def _is_back(row: StreamRow | None) -> bool:
    return row is not None and row.node.is_active


def _by_node(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for node_id, kind in pairs:
        found[node_id] += (kind,)
    return found
