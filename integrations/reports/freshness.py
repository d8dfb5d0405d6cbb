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
    PushBatch,
    PushStream,
    SessionKind,
)

_LEAST = timedelta(minutes=30)  # nobody is alarmed sooner
_UNKNOWN = timedelta(days=1)  # what is late where no pace is known yet
_LOOK_BACK = timedelta(days=3)
_SAME_EXCHANGE = timedelta(minutes=2)
ORDERS = "orders"
KINDS = {"goods": "Товары", "prices": "Цены", "stock": "Остатки", ORDERS: "Заказы"}


class Freshness(StrEnum):
    FRESH = "по расписанию"
    LATE = "опаздывает"
    NEVER = "еще не было"
    PAUSED = "обмен выключен"


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream of one base; `usual` is the gap between two exchanges."""

    node: ExchangeNode
    name: str
    last_at: datetime | None
    usual: timedelta | None
    lag: timedelta | None
    state: Freshness

    @property
    def usual_text(self) -> str:
        """The gap in whole minutes, hours or days."""
        minutes = int((self.usual or timedelta()).total_seconds()) // 60
        if minutes < 120:
            return f"{minutes} мин"
        return f"{minutes // 60} ч" if minutes < 48 * 60 else f"{minutes // 1440} дн."

    @property
    def is_late(self) -> bool:
        return self.state is Freshness.LATE


def stream_rows(*, at: datetime) -> list[StreamRow]:
    """Streams of all bases by name; six queries. Those of JSON only where a base has ever sent them."""
    nodes = list(ExchangeNode.objects.order_by("name", "pk"))
    told = {
        (row["node"], row["kind"]): (row["last"], row["usual"])
        for row in ExchangeStream.objects.values("node", "kind").annotate(
            last=Max("applied_at"), usual=Min("usual_gap")
        )
    }
    told |= {(node, ORDERS): pace for node, pace in _order_paces(at).items()}
    pushed = _push_paces(at)
    rows = []
    for node in nodes:
        rows += [
            _row(node, name, *told.get((node.pk, kind), (None, None)), at) for kind, name in KINDS.items()
        ]
        rows += [
            _row(node, str(stream.label), *pushed[node.pk, stream], at)
            for stream in PushStream
            if (node.pk, stream) in pushed
        ]
    return rows


def _row(
    node: ExchangeNode, name: str, last_at: datetime | None, usual: timedelta | None, at: datetime
) -> StreamRow:
    lag = None if last_at is None else max(at - last_at, timedelta())
    return StreamRow(node, name, last_at, usual, lag, _state(node, lag, usual))


def _state(node: ExchangeNode, lag: timedelta | None, usual: timedelta | None) -> Freshness:
    if not node.is_active:
        return Freshness.PAUSED
    if lag is None:
        return Freshness.NEVER
    allowed = _UNKNOWN if usual is None else max(usual * 2, _LEAST)
    return Freshness.LATE if lag > allowed else Freshness.FRESH


def _order_paces(at: datetime) -> dict[int, tuple[datetime, timedelta | None]]:
    """Orders leave no file: the pace is that of the sessions in which 1C asks for them."""
    asked = ExchangeSession.objects.filter(kind=SessionKind.SALE)
    latest = asked.values("node").annotate(last=Max("seen_at")).order_by()
    moments: dict[int, list[datetime]] = defaultdict(list)
    recent = asked.filter(started_at__gte=at - _LOOK_BACK)
    for node_id, started_at in recent.order_by("started_at").values_list("node", "started_at"):
        moments[node_id].append(started_at)
    return {row["node"]: (row["last"], _pace(moments[row["node"]])) for row in latest}


def _push_paces(at: datetime) -> dict[tuple[int, str], tuple[datetime, timedelta | None]]:
    """Batches of JSON: the pace is that of their coming, whatever they bring."""
    latest = PushBatch.objects.values("node", "stream").annotate(last=Max("received_at")).order_by()
    moments: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    recent = PushBatch.objects.filter(received_at__gte=at - _LOOK_BACK).order_by("received_at")
    for node_id, stream, received_at in recent.values_list("node", "stream", "received_at"):
        moments[node_id, stream].append(received_at)
    return {
        (row["node"], row["stream"]): (row["last"], _pace(moments[row["node"], row["stream"]]))
        for row in latest
    }


def _pace(moments: list[datetime]) -> timedelta | None:
    gaps = [later - sooner for sooner, later in pairwise(moments)]
    seconds = [gap.total_seconds() for gap in gaps if gap > _SAME_EXCHANGE]
    return timedelta(seconds=median(seconds)) if seconds else None
