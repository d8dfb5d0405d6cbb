"""One request of the JSON channel: taken once, however often and in whatever order it comes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from counterparties.merge_gate import parties_hold
from integrations.models import ExchangeNode, PushBatch, PushMode, PushStream
from integrations.onec.clocks import AHEAD_TEXT, is_ahead
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.onec.loading.streams import remember
from integrations.push.bodies import Body, BodyRefused
from integrations.services.incoming.work import Work
from integrations.services.push.runs import RunRefused, run_finish, run_join
from integrations.services.push.streams import STREAMS
from integrations.services.push.taking import Taking
from integrations.services.push.waiting import items_retry
from integrations.services.turns import orders_turn_soon

_CONFLICT = 409


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What 1C is answered."""

    status: int
    body: dict[str, Any]


@transaction.atomic
def batch_receive(*, node_id: int, stream: PushStream, body: Body, at: datetime) -> BatchAnswer:
    """Take a batch. The same one again is answered the same and writes nothing.

    Raises BodyRefused (nothing is kept) and NodeBusy.
    """
    parties_hold()
    orders_turn_soon(node_id)
    node = ExchangeNode.objects.get(pk=node_id)
    _check(node, stream, body, at)
    known = PushBatch.objects.filter(node=node, stream=stream, batch_id=body.batch_id).first()
    if known is not None:
        if known.sha256 != body.sha256:
            raise BodyRefused("Пакет с этим batch_id уже принят с другим содержимым", status=_CONFLICT)
        return _answer(known)
    batch = _noted(node, stream, body, at)
    work = Work(node=node, at=at, ids=ExternalIds(node.pk), report=LoadReport(), formed_at=body.generated_at)
    run = run_join(batch, at=at) if body.mode == PushMode.FULL else None
    batch.run = run
    if run is not None and body.is_finish:
        _finish(work, batch, run, body)
    else:
        _take(work, batch, body)
        items_retry(work)
    batch.save()
    remember(node_id=node.pk, kind=stream, catalog_id="", formed_at=body.generated_at, applied_at=at)
    return _answer(batch)


def _check(node: ExchangeNode, stream: PushStream, body: Body, at: datetime) -> None:
    if body.source != node.code:
        raise BodyRefused(f"source: ключ выдан базе {node.code}")
    if body.mode == PushMode.FULL and STREAMS[stream].missing is None:
        raise BodyRefused("mode: этот поток присылают только изменениями, delta")
    if is_ahead(body.generated_at, at=at):
        raise BodyRefused(f"generated_at: {AHEAD_TEXT}")


def _noted(node: ExchangeNode, stream: PushStream, body: Body, at: datetime) -> PushBatch:
    return PushBatch.objects.create(
        node=node,
        stream=stream,
        batch_id=body.batch_id,
        seq=body.seq,
        mode=body.mode,
        is_finish=body.is_finish,
        generated_at=body.generated_at,
        received_at=at,
        sha256=body.sha256,
    )


def _take(work: Work, batch: PushBatch, body: Body) -> None:
    taking = Taking(work, PushStream(batch.stream), seq=body.seq, run=batch.run_id)
    outcome = taking.take(body.items)
    batch.accepted, batch.unnamed, batch.rejected = outcome.accepted, outcome.unnamed, outcome.rejected
    counts = outcome.counts
    batch.answer = {
        "accepted": outcome.accepted,
        **{name: counts[name] for name in ("unchanged", "outdated", "waiting")},
    }


def _finish(work: Work, batch: PushBatch, run: PushBatch, body: Body) -> None:
    """A run that was refused is over, too: the next full batch begins a new one."""
    try:
        told = run_finish(work, batch, run=run, count=body.count)
    except RunRefused as refusal:
        batch.status, batch.answer = _CONFLICT, {"error": str(refusal)}
    else:
        batch.answer = {"accepted": 0, **told}


def _answer(batch: PushBatch) -> BatchAnswer:
    if "error" in batch.answer:
        return BatchAnswer(batch.status, batch.answer)
    return BatchAnswer(batch.status, {**batch.answer, "rejected": batch.rejected})
