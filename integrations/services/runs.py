"""Runs of an export, and what becomes of goods that a full one has not brought (soft, and with care)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from integrations.models import (
    ExchangeFile,
    ExchangeNode,
    ExchangeRun,
    ExchangeSession,
    FileState,
    RunState,
    SessionKind,
)
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.missing import missing_count, missing_hide

IDLE = timedelta(minutes=15)  # sessions of one export follow each other with shorter gaps

_NOT_OVER = (FileState.RECEIVING, FileState.IMPORTING)

log = structlog.get_logger()


def run_note(*, session: ExchangeSession, catalogs: Mapping[str, bool], at: datetime) -> None:
    """Count a loaded file to the run of its catalogue: the one under way, else a new one.

    `catalogs` says of each id whether a full export began with the file. Called in the load's transaction.
    """
    for external_id, is_whole in catalogs.items():
        run = _current(session.node, external_id)
        if run is not None and session.started_at - run.seen_at >= IDLE:
            run_finish(run=run, at=at)
            run = None
        if run is None:
            began = session.started_at
            run = ExchangeRun(
                node=session.node, catalog_external_id=external_id, started_at=began, since=began
            )
        run.seen_at = at
        run.is_whole = run.is_whole or is_whole
        run.save()


def _current(node: ExchangeNode, external_id: str) -> ExchangeRun | None:
    runs = ExchangeRun.objects.select_for_update(of=("self",)).filter(node=node, state=RunState.RUNNING)
    return runs.filter(catalog_external_id=external_id).first()


@transaction.atomic
def runs_end(*, node: ExchangeNode, at: datetime, whole_since: datetime | None = None) -> int:
    """1C says that the export is over; `whole_since`: and that it was whole from that moment on.

    Runs with files still in work are finished by the next look (`runs_close`). Returns the runs.
    """
    runs = ExchangeRun.objects.select_for_update(of=("self",)).filter(node=node, state=RunState.RUNNING)
    ended = list(runs.order_by("pk"))
    for run in ended:
        run.is_ended = True
        if whole_since is not None:
            run.is_whole, run.since = True, min(run.started_at, whole_since)
        run.save(update_fields=["is_ended", "is_whole", "since"])
        if not _has_unfinished(run):
            run_finish(run=run, at=at)
    return len(ended)


def runs_close(*, at: datetime) -> int:
    """Finish the runs that are over: by the word of 1C, or because nothing has come for a while."""
    closed = 0
    for pk in ExchangeRun.objects.filter(state=RunState.RUNNING).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            runs = ExchangeRun.objects.select_related("node").select_for_update(
                of=("self",), skip_locked=True
            )
            run = runs.filter(pk=pk, state=RunState.RUNNING).first()
            if run is not None and _is_over(run, at):
                run_finish(run=run, at=at)
                closed += 1
    return closed


def _is_over(run: ExchangeRun, at: datetime) -> bool:
    if _has_unfinished(run):
        return at - run.seen_at >= timedelta(days=1)  # a file that nobody will ever finish
    talking = ExchangeSession.objects.filter(
        node=run.node, kind=SessionKind.CATALOG, seen_at__gt=at - IDLE
    ).exists()
    return run.is_ended or (at - run.seen_at >= IDLE and not talking)


def _files(run: ExchangeRun) -> QuerySet[ExchangeFile]:
    """Data of the sessions that the run consists of."""
    files = ExchangeFile.objects.filter(
        session__node=run.node,
        session__kind=SessionKind.CATALOG,
        session__is_manual=False,
        session__started_at__gte=run.started_at,
    )
    return files.filter(name__iendswith=".xml") | files.filter(name__iendswith=".zip")


def _has_unfinished(run: ExchangeRun) -> bool:
    return _files(run).filter(state__in=_NOT_OVER).exists()


def run_finish(*, run: ExchangeRun, at: datetime) -> None:
    """Close a run: hide what it has not brought, leave it, or have an administrator decide.

    Only a whole export without a single failed file says anything of what is missing.
    """
    run.finished_at, run.state = at, RunState.FINISHED
    run.reason = _why_not(run)
    if not run.reason:
        run.goods, run.missing = missing_count(run=run)
        if run.missing and run.missing * 100 > run.goods * run.node.missing_limit:
            run.state, run.reason = RunState.HELD, f"не пришло больше {run.node.missing_limit} % товаров"
            log.error("exchange_run_held", run=run.pk, node=run.node_id, missing=run.missing, goods=run.goods)
        elif run.missing:
            run.state = RunState.HIDDEN
            missing_hide(run=run, at=at)
    run.save()


def _why_not(run: ExchangeRun) -> str:
    if not run.is_whole:
        return "выгружались только изменения"
    if not run.node.is_missing_hidden:
        return "скрытие непришедших выключено"
    if _files(run).exclude(state=FileState.DONE).exists():
        return "в выгрузке были незагруженные файлы"
    return ""


@transaction.atomic
def run_decide(*, run_id: int, is_hiding: bool, at: datetime) -> ExchangeRun:
    """An administrator's word on a run that was held: hide what has not come since, or leave it.

    Raises ExchangeRefusal when there is nothing to decide any more.
    """
    runs = ExchangeRun.objects.select_related("node").select_for_update(of=("self",))
    run = runs.get(pk=run_id)
    if run.state != RunState.HELD:
        raise ExchangeRefusal("Решение уже принято")
    run.state = RunState.LEFT
    if is_hiding:
        run.state, run.missing = RunState.HIDDEN, missing_hide(run=run, at=at)
    run.save(update_fields=["state", "missing"])
    return run
