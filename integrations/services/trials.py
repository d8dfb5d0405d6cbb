"""Dry runs: a file is loaded and taken back, and what it would have done is told."""

import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.models import ExchangeFile, ExchangeNode
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.breaking import breaker_excesses, held_report
from integrations.services.file_states import FileJob
from integrations.services.incoming.routing import uploaded_load
from integrations.services.keeping import file_content
from integrations.services.loads import node_context
from integrations.services.turns import NodeBusy, turn_take
from portal.outbox import JobContext, enqueue, job

_BUSY_PAUSE, _BUSY_LIMIT = 0.5, 20 * 60.0


class NoUploads:
    """A trial looks at no pictures."""

    def find(self, names: Collection[str]) -> dict[str, Path]:
        return {}


def content_try(*, node: ExchangeNode, name: str, path: Path) -> dict[str, Any]:
    """Tell what a file would do: the report of a load, `held` with it where the breaker would hold it.

    Nothing is written. Raises ExchangeRefusal for a file that would be refused.
    """
    until = time.monotonic() + _BUSY_LIMIT
    while True:
        try:
            return _tried(node, name, path)
        except NodeBusy:
            if time.monotonic() >= until:
                raise ExchangeRefusal("База занята другой загрузкой, повторите позже") from None
            time.sleep(_BUSY_PAUSE)


@transaction.atomic
def _tried(node: ExchangeNode, name: str, path: Path) -> dict[str, Any]:
    turn_take(node.pk)
    context = node_context(
        node=node, name=name, at=timezone.now(), tell=lambda text: None, uploads=NoUploads()
    )
    context.is_trial = True
    uploaded_load(context, path, is_sale=False)
    transaction.set_rollback(True)
    report = context.report.as_json()
    excesses = breaker_excesses(mass=context.mass, node=node)
    return {**report, "held": held_report(excesses, context.mass)} if excesses else report


@transaction.atomic
def files_try(*, file_ids: Collection[int]) -> int:
    """Have a worker try files; what comes out stands in their `trial`. Return how many."""
    files = ExchangeFile.objects.filter(pk__in=file_ids, name__iendswith=".xml").order_by("pk")
    for file in files:
        key = f"{file.pk}:{timezone.now().timestamp()}"
        enqueue(exchange_file_try, FileJob(file_id=file.pk), key=key)
    return len(files)


@job(queue="exchange", atomic=False)
def exchange_file_try(payload: FileJob, running: JobContext) -> None:
    """Try one file and keep what came out, a refusal included."""
    file = ExchangeFile.objects.select_related("session__node").get(pk=payload.file_id)
    try:
        with file_content(file) as path:
            told = content_try(node=file.session.node, name=file.name, path=path)
    except ExchangeRefusal as refusal:
        told = {"refusal": str(refusal)}
    with running.finish():
        ExchangeFile.objects.filter(pk=file.pk).update(
            trial={**told, "at": timezone.now().isoformat(timespec="seconds")}
        )
