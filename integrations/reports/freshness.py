"""Streams of a base: when each last came, how often it usually does, and whether it is late."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from django.db.models import Max, Min

from integrations.models import (
    ExchangeNode,
    ExchangeSession,
    ExchangeStream,
    PushStream,
    SessionKind,
    StreamKind,
    StreamLimit,
)

_LEAST = timedelta(minutes=30)  # nobody is alarmed sooner, unless told to
_UNKNOWN = timedelta(days=1)  # what is late where no pace is known yet
_LOOK_BACK = timedelta(days=3)
_SAME_EXCHANGE = timedelta(minutes=2)
_BY_THE_CLOCK = frozenset({*StreamKind, PushStream.SETTLEMENTS})
"""Everything else is pushed when something has changed: silence means nothing, unless told to."""


class Freshness(StrEnum):
    FRESH = "по расписанию"
    LATE = "опаздывает"
    NEVER = "еще не было"
    PAUSED = "обмен выключен"


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream of one base; `usual` is the gap between exchanges, `allowed` the longest silence, if any."""

    node: ExchangeNode
    kind: StreamKind | PushStream
    last_at: datetime | None
    usual: timedelta | None
    allowed: timedelta | None
    lag: timedelta | None
    state: Freshness

    @property
    def name(self) -> str:
        return str(self.kind.label)

    @property
    def usual_text(self) -> str:
        return duration_text(self.usual or timedelta())

    @property
    def allowed_text(self) -> str:
        return duration_text(self.allowed or timedelta())

    @property
    def is_late(self) -> bool:
        return self.state is Freshness.LATE


def duration_text(duration: timedelta) -> str:
    """A duration in whole minutes, hours or days."""
    minutes = int(duration.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} мин"
    return f"{minutes // 60} ч" if minutes < 48 * 60 else f"{minutes // 1440} дн."


def stream_rows(*, at: datetime) -> list[StreamRow]:
    """Streams of all bases by name; five queries. Those of JSON only where a base has ever sent them."""
    nodes = list(ExchangeNode.objects.order_by("name", "pk"))
    told: dict[tuple[int, str], tuple[datetime | None, timedelta | None]] = {
        (row["node"], row["kind"]): (row["last"], row["usual"])
        for row in ExchangeStream.objects.values("node", "kind").annotate(
            last=Max("applied_at"), usual=Min("usual_gap")
        )
    }
    told |= {(node, StreamKind.ORDERS.value): pace for node, pace in _order_paces(at).items()}
    limits = {
        (node, kind): timedelta(minutes=minutes)
        for node, kind, minutes in StreamLimit.objects.values_list("node", "kind", "late_after_minutes")
    }
    rows = []
    for node in nodes:
        kinds = [*StreamKind, *(stream for stream in PushStream if (node.pk, stream) in told)]
        for kind in kinds:
            last_at, usual = told.get((node.pk, kind), (None, None))
            rows.append(_row(node, kind, last_at, usual, limits.get((node.pk, kind)), at))
    return rows


def _row(
    node: ExchangeNode,
    kind: StreamKind | PushStream,
    last_at: datetime | None,
    usual: timedelta | None,
    limit: timedelta | None,
    at: datetime,
) -> StreamRow:
    lag = None if last_at is None else max(at - last_at, timedelta())
    allowed = limit or _usually_allowed(kind, usual)
    return StreamRow(node, kind, last_at, usual, allowed, lag, _state(node, lag, allowed))


def _usually_allowed(kind: StreamKind | PushStream, usual: timedelta | None) -> timedelta | None:
    if kind not in _BY_THE_CLOCK:
        return None
    return _UNKNOWN if usual is None else max(usual * 2, _LEAST)


def _state(node: ExchangeNode, lag: timedelta | None, allowed: timedelta | None) -> Freshness:
    if not node.is_active:
        return Freshness.PAUSED
    if lag is None:
        return Freshness.NEVER
    return Freshness.LATE if allowed is not None and lag > allowed else Freshness.FRESH


def _order_paces(at: datetime) -> dict[int, tuple[datetime | None, timedelta | None]]:
    """Orders leave no file: the pace is that of the sessions in which 1C asks for them."""
    asked = ExchangeSession.objects.filter(kind=SessionKind.SALE, is_manual=False)
    latest = asked.values("node").annotate(last=Max("seen_at")).order_by()
    moments: dict[int, list[datetime]] = defaultdict(list)
    recent = asked.filter(started_at__gte=at - _LOOK_BACK)
    for node_id, started_at in recent.order_by("started_at").values_list("node", "started_at"):
        moments[node_id].append(started_at)
    return {row["node"]: (row["last"], _pace(moments[row["node"]])) for row in latest}


def _pace(moments: list[datetime]) -> timedelta | None:
    gaps = [later - sooner for sooner, later in pairwise(moments)]
    seconds = [gap.total_seconds() for gap in gaps if gap > _SAME_EXCHANGE]
    return timedelta(seconds=median(seconds)) if seconds else None
