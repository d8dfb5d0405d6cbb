"""A full export: its batches belong together until its end, which tells what 1C has no more."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum

from integrations.models import PushBatch, PushMode, PushRef, PushStream, RefState
from integrations.services.incoming.work import Work
from integrations.services.push.streams import STREAMS

_IDLE = timedelta(days=1)  # an export that nobody has gone on with for so long was given up


class RunRefused(Exception):
    """The export did not come whole; the message is Russian and for 1C."""


def run_join(batch: PushBatch, *, at: datetime) -> PushBatch:
    """Find the first batch of the export that goes on; without one it begins with this batch, just saved."""
    full = PushBatch.objects.filter(node=batch.node, stream=batch.stream, mode=PushMode.FULL)
    last = full.exclude(pk=batch.pk).select_related("run").order_by("-pk").first()
    if last is None or last.run is None or last.is_finish or at - last.received_at > _IDLE:
        return batch
    return last.run


def run_finish(work: Work, batch: PushBatch, *, run: PushBatch, count: int) -> dict[str, Any]:
    """Mark what has not come in the export, unless that is too much; nothing is ever deleted.

    Raises RunRefused when another number of items came than 1C sent.
    """
    refs = PushRef.objects.filter(node=work.node, stream=batch.stream)
    parts = PushBatch.objects.filter(run=run)
    unnamed = parts.aggregate(total=Sum("unnamed"))["total"] or 0
    came = refs.filter(run=run.pk).count() + unnamed
    if came != count:
        raise RunRefused(f"Пришло {came} из {count}: начните полную выгрузку заново")
    standing = refs.filter(state__in=[RefState.TAKEN, RefState.WAITING])
    # What a newer change has told of is no less there for not being in the export.
    gone = standing.filter(Q(run__isnull=True) | ~Q(run=run.pk), seq__lt=run.seq)
    names = list(gone.values_list("ref", flat=True))
    if held := _too_much(len(names), standing.count(), work.node.missing_limit, unnamed):
        return {"missing": 0, "held": held}
    if missing := STREAMS[PushStream(batch.stream)].missing:
        missing(work, names)
    gone.update(
        state=RefState.MISSING, digest="", reason="", payload=None, wants_kind="", wants_ref="",
        seq=batch.seq, changed_at=work.at,
    )  # fmt: skip
    return {"missing": len(names)}


def _too_much(gone: int, standing: int, limit: int, unnamed: int) -> str:
    if gone and unnamed:
        return f"Не отмечено: {unnamed} без идентификатора, неизвестно, чего нет"
    if gone * 100 > standing * limit:
        return f"Не отмечено: нет {gone} из {standing}, это больше {limit}%"
    return ""
