"""Loading of received files: started by a poll of 1C, done by a worker, told to the next polls."""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from catalog.handlers import refresh_brand_tree
from integrations.models import ExchangeFile, ExchangeSession, FileState, SessionKind
from integrations.onec.folder import SessionFolder
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import summary
from integrations.onec.names import extension
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.archives import archive_unpack
from integrations.services.file_states import FileJob, file_done, file_failed
from integrations.services.incoming.routing import uploaded_load
from integrations.services.pictures import previews_enqueue
from integrations.services.uploads import SessionUploads
from portal.outbox import JobContext, JobRefused, LeaseLost, PeriodStart, enqueue, job
from portal.outbox.selectors import job_status
from portal.outbox.states import JobState

_FIRST_PAUSE, _POLL_PAUSE = 0.03, 0.2  # small files are loaded in no time
_LOCK_SPACE = 0x1C  # advisory locks of the exchange: (this, node)
_BUSY_PAUSE = 0.5
_BUSY_LIMIT = 20 * 60.0

log = structlog.get_logger()


class NodeBusy(Exception):
    """Another file of the same base is being loaded."""


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What a poll is told."""

    word: Literal["success", "progress", "failure"]
    text: str


def import_wait(*, session: ExchangeSession, name: str, seconds: float) -> ImportAnswer:
    """Start the load if need be and wait for its end, but no longer than `seconds`.

    UT asks again without a pause, so an answer must not come at once. No transaction is held meanwhile.
    Raises ExchangeRefusal when there is no such file.
    """
    until, pause = time.monotonic() + seconds, _FIRST_PAUSE
    while True:
        answer = import_status(session=session, name=name)
        if answer.word != "progress" or time.monotonic() >= until:
            return answer
        time.sleep(pause)
        pause = min(pause * 1.5, _POLL_PAUSE)


def import_status(*, session: ExchangeSession, name: str) -> ImportAnswer:
    """Tell how the load of a file stands; start it, or the unpacking before it. Idempotent.

    Raises ExchangeRefusal when there is no such file.
    """
    file = _found(session, name)
    if file is not None:
        return _answer(import_start(file=file))
    for archive in session.files.filter(name__iendswith=".zip").order_by("pk"):
        answer = _answer(import_start(file=archive))
        if answer.word != "success":
            return answer
    file = _found(session, name)
    if file is None:
        raise ExchangeRefusal(f"Файл {name[:120]} в этом сеансе не получен")
    return _answer(import_start(file=file))


def import_start(*, file: ExchangeFile) -> ExchangeFile:
    """Have a received file loaded, or an archive unpacked; return its row as it stands.

    Asked again it changes nothing: a file that is being loaded has its job, a loaded file stays loaded,
    a refused one refused.
    """
    if file.state != FileState.RECEIVING:
        return file
    digest = _digest(file)
    with transaction.atomic():
        file = ExchangeFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if file.state != FileState.RECEIVING:
            return file
        is_known = file.sha256 == digest and file.finished_at is not None
        file.is_closed, file.sha256 = True, digest
        if is_known:  # the same bytes once more: the answer is known, too
            file.state = FileState.FAILED if file.message else FileState.DONE
        else:
            file.state, file.message, file.finished_at = FileState.IMPORTING, "", None
            work = archive_unpack if extension(file.name) == "zip" else exchange_file_load
            # The moment belongs to the key: a content that came, went and came again is loaded again.
            key = f"{file.pk}:{digest}:{file.received_at.timestamp()}"
            file.job_id = enqueue(work, FileJob(file_id=file.pk), key=key)
        file.save(update_fields=["is_closed", "sha256", "state", "message", "finished_at", "job"])
    return file


def _found(session: ExchangeSession, name: str) -> ExchangeFile | None:
    """The file by its exact name, else in another case of letters; PostgreSQL takes no NUL."""
    if "\0" in name:
        return None
    files = list(session.files.filter(name__iexact=name))
    return next((file for file in files if file.name == name), files[0] if files else None)


def _digest(file: ExchangeFile) -> str:
    """Hash what lies on disk. Raises ExchangeRefusal when that is not what was received."""
    path = SessionFolder(file.session.token).place(file.pk)
    if not path.is_file() or path.stat().st_size != file.size:
        raise ExchangeRefusal(f"{file.name}: файл принят не полностью, отправьте его ещё раз")
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _answer(file: ExchangeFile) -> ImportAnswer:
    if file.state == FileState.DONE:
        return ImportAnswer("success", f"{file.name}: {summary(file.report)}")
    if file.state == FileState.FAILED:
        return ImportAnswer("failure", file.message)
    if file.job_id is None:
        return ImportAnswer("failure", f"{file.name}: загрузка прервана, повторите обмен")
    status = job_status(file.job_id)
    if status.state == JobState.DEAD:
        return ImportAnswer("failure", f"{file.name}: загрузка не удалась, сообщите администратору портала")
    return ImportAnswer("progress", f"{file.name}: {status.progress or 'ждёт очереди'}")


@job(queue="exchange", atomic=False)
def exchange_file_load(payload: FileJob, running: JobContext) -> None:
    """Load one file in one transaction; a refusal is told to 1C and leaves nothing behind.

    What may pass (the database went away, a deadlock) is left to the job's next attempt; an error of
    the portal itself is not repeated, or 1C would be told `progress` for half an hour.
    """
    file = ExchangeFile.objects.select_related("session__node").get(pk=payload.file_id)
    if file.state != FileState.IMPORTING:
        return
    try:
        _load_when_free(file, running)
    except ExchangeRefusal as refusal:
        log.warning("exchange_file_refused", file=file.pk, name=file.name, reason=str(refusal))
        with running.finish():
            file_failed(file=file, reason=str(refusal), at=timezone.now())
    except (LeaseLost, OperationalError, InterfaceError):
        raise
    except Exception as error:
        reason = f"{file.name}: внутренняя ошибка портала, сообщите администратору (файл № {file.pk})"
        file_failed(file=file, reason=reason, at=timezone.now())
        raise JobRefused(f"{type(error).__name__}: {error}") from error


def _load_when_free(file: ExchangeFile, running: JobContext) -> None:
    """Load once no other file of the base is being loaded."""
    until = time.monotonic() + _BUSY_LIMIT
    while True:
        try:
            with running.finish():
                _take_turn(file.session.node_id)
                _load(file, running, at=timezone.now())
            return
        except NodeBusy:
            if time.monotonic() >= until:
                raise ExchangeRefusal(f"{file.name}: другая загрузка этой базы идёт слишком долго") from None
            running.heartbeat()
            running.progress("ждёт окончания другой загрузки этой базы")
            time.sleep(_BUSY_PAUSE)


def _take_turn(node_id: int) -> None:
    """Take the base's lock until the end of the transaction. Raises NodeBusy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, node_id])
        (is_taken,) = cursor.fetchone()
    if not is_taken:
        raise NodeBusy


def _load(file: ExchangeFile, running: JobContext, *, at: datetime) -> None:
    def tell(text: str) -> None:
        running.heartbeat()
        running.progress(text)

    context = LoadContext(
        node_id=file.session.node_id,
        file_name=file.name,
        at=at,
        tell=tell,
        uploads=SessionUploads(file.session),
        ids=ExternalIds(file.session.node_id),
    )
    path = SessionFolder(file.session.token).place(file.pk)
    uploaded_load(context, path, is_sale=file.session.kind == SessionKind.SALE)
    previews_enqueue(picture_ids=context.new_pictures, key=f"load:{running.id}")
    if context.report.counts["goods_new"] or context.report.counts["goods_changed"]:
        enqueue(refresh_brand_tree, PeriodStart(start=at), key=f"load:{running.id}")
    file_done(file=file, report=context.report.as_json(), at=at)
