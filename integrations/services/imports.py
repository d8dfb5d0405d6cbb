"""Loading of received files: started by a poll of 1C, or by the portal when none comes; done by a worker."""

import hashlib
import time
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from catalog.handlers import refresh_brand_tree
from integrations.models import ExchangeFile, FileState
from integrations.onec.folder import SessionFolder
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.file import load_file
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.names import extension
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.archives import archive_unpack
from integrations.services.file_states import FileJob, file_done, file_failed
from integrations.services.pictures import previews_enqueue
from integrations.services.runs import run_note
from integrations.services.turns import NodeBusy, turn_take
from integrations.services.uploads import SessionUploads
from portal.outbox import JobContext, JobRefused, LeaseLost, PeriodStart, enqueue, job

_BUSY_PAUSE = 0.5
_BUSY_LIMIT = 20 * 60.0
_LOAD_LIMIT = 2 * 3600.0  # a load that is still at it then never ends; 1C polls without a limit of its own

log = structlog.get_logger()


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


def _digest(file: ExchangeFile) -> str:
    """Hash what lies on disk. Raises ExchangeRefusal when that is not what was received."""
    path = SessionFolder(file.session.token).place(file.pk)
    if not path.is_file() or path.stat().st_size != file.size:
        raise ExchangeRefusal(f"{file.name}: файл принят не полностью, отправьте его ещё раз")
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
                turn_take(file.session.node_id)
                _load(file, running, at=timezone.now())
            return
        except NodeBusy:
            if time.monotonic() >= until:
                raise ExchangeRefusal(f"{file.name}: другая загрузка этой базы идёт слишком долго") from None
            running.heartbeat()
            running.progress("ждёт окончания другой загрузки этой базы")
            time.sleep(_BUSY_PAUSE)


def _load(file: ExchangeFile, running: JobContext, *, at: datetime) -> None:
    until = time.monotonic() + _LOAD_LIMIT

    def tell(text: str) -> None:
        if time.monotonic() >= until:
            raise ExchangeRefusal(f"{file.name}: загрузка идёт слишком долго и прервана")
        running.heartbeat()
        running.progress(text)

    node = file.session.node
    context = LoadContext(
        node_id=node.pk,
        file_name=file.name,
        at=at,
        tell=tell,
        uploads=SessionUploads(file.session),
        ids=ExternalIds(node.pk),
        is_marking=node.is_missing_hidden,
    )
    load_file(context, SessionFolder(file.session.token).place(file.pk))
    run_note(session=file.session, catalogs=context.catalogs, at=at)
    previews_enqueue(picture_ids=context.new_pictures, key=f"load:{running.id}")
    if context.report.counts["goods_new"] or context.report.counts["goods_changed"]:
        enqueue(refresh_brand_tree, PeriodStart(start=at), key=f"load:{running.id}")
    file_done(file=file, report=context.report.as_json(), at=at)
