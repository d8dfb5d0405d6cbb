"""Archives of papers: asked for on a page, made in the background, fetched by whoever asked."""

import tempfile
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.db import transaction

from accounts.models import User
from counterparties.actor import AccessDenied, Actor
from counterparties.selectors import actor_for
from documents.archive.naming import DEFAULT_PATTERN, WrongPattern, pattern_check
from documents.archive.packing import Packed, archive_write
from documents.archive.papers import ArchiveScope, paper_count, papers_in
from documents.events import ArchiveAsked
from documents.models import ArchiveRule, DocumentArchive, DocumentDownload
from documents.readers import reading_person
from documents.services.issuing import Finishing
from documents.states import TaskState
from portal import outbox
from portal.files.models import StoredFile
from portal.files.services import store
from portal.lib.dates import format_date, moscow_date

MOST_PAPERS = 20_000
LONGEST = timedelta(days=366)
_LOST_AFTER = timedelta(hours=1)
_LOST = "Подготовка прервалась. Запустите ее еще раз."
_BROKEN = "Не получилось из-за ошибки портала, администратор о ней уже знает."
_PORTION = 100


class ArchiveNotPossible(Exception):
    """An archive is not made, with the reason that a person can do something about."""


@transaction.atomic
def archive_ask(*, actor: Actor, scope: ArchiveScope, at: datetime) -> DocumentArchive:
    """Have the papers of a period packed; one that is being made for the person is the one.

    Raises AccessDenied, ArchiveNotPossible (no papers, too long a period).
    """
    user_id = reading_person(actor)
    if scope.until - scope.since > LONGEST:
        raise ArchiveNotPossible("Выберите период не длиннее года.")
    User.objects.select_for_update(no_key=True).get(pk=user_id)  # two clicks are one archive
    own = DocumentArchive.objects.filter(asked_by_id=user_id, state=TaskState.QUEUED)
    for waiting in own.order_by("pk"):
        if waiting.asked_at > at - _LOST_AFTER:
            return waiting
        _failed(waiting.pk, _LOST)
    count = paper_count(actor=actor, scope=scope)
    if not count:
        raise ArchiveNotPossible("За этот период документов нет.")
    if count > MOST_PAPERS:
        raise ArchiveNotPossible(f"Документов {count}, в один архив входит {MOST_PAPERS}. Сократите период.")
    row = DocumentArchive.objects.create(
        holding_id=actor.holding_id,
        period_from=scope.since,
        period_to=scope.until,
        legal_entity_id=scope.legal_entity_id,
        kinds=list(scope.kinds),
        papers_total=count,
        asked_by_id=user_id,
        impersonator_id=actor.impersonator_id,
        asked_at=at,
    )
    outbox.publish(ArchiveAsked(archive_id=row.pk))
    return row


def archive_make(
    *,
    archive_id: int,
    at: datetime,
    finishing: Finishing = transaction.atomic,
    beat: Callable[[], None] = lambda: None,
    is_last_try: bool = False,
) -> None:
    """Pack what the person may see now; however often it runs, one file comes of it.

    Each paper inside is noted as fetched, in the transaction in which the archive becomes ready. The last
    try that breaks leaves a reason for the person who waits. Raises whatever broke.
    """
    archives = DocumentArchive.objects.select_related("asked_by", "impersonator")
    row = archives.filter(pk=archive_id, state=TaskState.QUEUED).first()
    if row is None:
        return
    with tempfile.TemporaryFile() as target:
        try:
            packed = _written(row, target, at=at, beat=beat)
        except ArchiveNotPossible as reason:
            with finishing():
                _failed(row.pk, str(reason))
            return
        except Exception:
            if is_last_try:
                _failed(row.pk, _BROKEN)
            raise
        target.seek(0)
        with finishing():
            _ready(row, target, packed, at=at)


@transaction.atomic
def archive_rule_set(*, actor: Actor, pattern: str, at: datetime) -> ArchiveRule:
    """How files of the client's archives are named from now on. Raises AccessDenied, WrongPattern."""
    user_id = reading_person(actor)
    if actor.holding_id is None or actor.is_read_only:
        raise AccessDenied("Имена файлов выбирает сам клиент")
    pattern_check(pattern)
    if len(pattern) > ArchiveRule._meta.get_field("pattern").max_length:  # type: ignore[operator]
        raise WrongPattern("Слишком длинное имя.")
    rule, _is_new = ArchiveRule.objects.update_or_create(
        holding_id=actor.holding_id,
        defaults={"pattern": pattern, "updated_by_id": user_id, "updated_at": at},
    )
    return rule


def archive_pattern(holding_id: int | None) -> str:
    """The client's pattern, or the usual one."""
    patterns = ArchiveRule.objects.filter(holding=holding_id).values_list("pattern", flat=True)
    return patterns.first() or DEFAULT_PATTERN


def archive_fetch(*, uid: UUID, actor: Actor) -> tuple[DocumentArchive, StoredFile]:
    """Hand over an archive of the person's own, made in the same client's name.

    Raises AccessDenied, DocumentArchive.DoesNotExist (not there, not ready, somebody else's).
    """
    reading_person(actor)
    archives = DocumentArchive.objects.visible_to(actor).filter(holding=actor.holding_id)
    row = archives.select_related("file").get(uid=uid, state=TaskState.READY)
    if row.file is None:
        raise DocumentArchive.DoesNotExist
    return row, row.file


def archive_file_name(row: DocumentArchive) -> str:
    return f"Документы {format_date(row.period_from)}–{format_date(row.period_to)}.zip"


def _written(row: DocumentArchive, target: IO[bytes], *, at: datetime, beat: Callable[[], None]) -> Packed:
    actor = actor_for(
        row.asked_by,
        on=moscow_date(at),
        holding_id=row.holding_id,
        impersonator_id=row.impersonator_id,
    )
    if actor.holding_id != row.holding_id:
        raise ArchiveNotPossible("Доступа к документам этого клиента больше нет.")
    scope = ArchiveScope(row.period_from, row.period_to, row.legal_entity_id, tuple(row.kinds))
    rows = DocumentArchive.objects.filter(pk=row.pk)
    rows.update(papers_total=paper_count(actor=actor, scope=scope), papers_done=0)

    def told(done: int) -> None:
        if done % _PORTION == 0:
            beat()
            rows.update(papers_done=done)

    packed = archive_write(
        target,
        papers_in(actor=actor, scope=scope),
        pattern=archive_pattern(row.holding_id),
        at=at,
        told=told,
    )
    if not packed.papers:
        raise ArchiveNotPossible("За этот период документов нет.")
    return packed


def _ready(row: DocumentArchive, target: IO[bytes], packed: Packed, *, at: datetime) -> None:
    kept = DocumentArchive.objects.select_for_update().filter(pk=row.pk, state=TaskState.QUEUED).first()
    if kept is None:  # another worker was quicker
        return
    kept.file = store(
        content=target,  # type: ignore[arg-type]
        name=archive_file_name(row),
        mime="application/zip",
        source="archive",
    )
    kept.state, kept.papers_total, kept.papers_done = TaskState.READY, packed.papers, packed.papers
    if packed.damaged:
        kept.fault = f"Поврежденных файлов: {packed.damaged}, они названы в реестре."
    kept.save(update_fields=["file", "state", "papers_total", "papers_done", "fault"])
    _note(row, "document_id", packed.document_ids, at)
    _note(row, "received_id", packed.received_ids, at)


def _note(row: DocumentArchive, name: str, ids: Collection[int], at: datetime) -> None:
    DocumentDownload.objects.bulk_create(
        (
            DocumentDownload(
                **{name: pk}, user_id=row.asked_by_id, impersonator_id=row.impersonator_id, at=at
            )
            for pk in ids
        ),
        batch_size=1000,
    )


def _failed(archive_id: int, reason: str) -> None:
    DocumentArchive.objects.filter(pk=archive_id, state=TaskState.QUEUED).update(
        state=TaskState.FAILED, fault=reason[:300]
    )
