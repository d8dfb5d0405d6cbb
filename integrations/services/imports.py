"""Loading of received files: started by a poll of 1C, or by the portal when none comes; done by a worker."""

import hashlib
import time
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from catalog.handlers import refresh_brand_tree
from integrations.models import ExchangeFile, FileState, SessionKind
from integrations.onec.folder import SessionFolder
from integrations.onec.loading.context import LoadContext
from integrations.onec.names import extension
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.archives import archive_unpack
from integrations.services.breaking import HeldBack, breaker_check
from integrations.services.file_states import FileJob, file_done, file_failed, file_held
from integrations.services.incoming.routing import uploaded_load
from integrations.services.keeping import file_content
from integrations.services.loads import load_context
from integrations.services.pictures import previews_enqueue
from integrations.services.runs import run_note
from integrations.services.statistics import statistics_renew
from integrations.services.turns import NodeBusy, turn_take
from portal.outbox import JobContext, JobRefused, LeaseLost, PeriodStart, enqueue, job

_BUSY_PAUSE = 0.5
_BUSY_LIMIT = 20 * 60.0
_LOAD_LIMIT = 2 * 3600.0  # a load that is still at it then never ends; 1C polls without a limit of its own
_STARTED = [
    "is_closed", "sha256", "state", "message", "finished_at", "job", "is_kept", "is_approved",
]  # fmt: skip

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
            file.state = _outcome(file)
        else:
            file.state, file.message, file.finished_at = FileState.IMPORTING, "", None
            file.is_kept = file.is_approved = False
            work = archive_unpack if extension(file.name) == "zip" else exchange_file_load
            # The moment belongs to the key: a content that came, went and came again is loaded again.
            key = f"{file.pk}:{digest}:{file.received_at.timestamp()}"
            file.job_id = enqueue(work, FileJob(file_id=file.pk), key=key)
        file.save(update_fields=_STARTED)
    return file


def _outcome(file: ExchangeFile) -> FileState:
    """How the load of these bytes ended."""
    if file.message:
        return FileState.FAILED
    return FileState.HELD if "held" in file.report else FileState.DONE


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
    file = ExchangeFile.objects.select_related("session__node", "replay_of__session").get(pk=payload.file_id)
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
    statistics_renew()
    while True:
        try:
            with running.finish():
                turn_take(file.session.node_id)
                _load(file, running, at=timezone.now())
            return
        except HeldBack as held:
            with running.finish():
                file_held(file=file, report=held.report, at=timezone.now())
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

    context = load_context(file=file, at=at, tell=tell)
    with file_content(file) as path:
        uploaded_load(context, path, is_sale=file.session.kind == SessionKind.SALE)
    if not file.is_approved:
        breaker_check(context=context, node=file.session.node)
    _loaded(file, context, key=f"load:{running.id}")


def _loaded(file: ExchangeFile, context: LoadContext, *, key: str) -> None:
    """What follows from a load, in its transaction."""
    if not context.is_manual and not context.is_late:
        run_note(session=file.session, catalogs=context.catalogs, at=context.at)
    previews_enqueue(picture_ids=context.new_pictures, key=key)
    if context.report.counts["goods_new"] or context.report.counts["goods_changed"]:
        enqueue(refresh_brand_tree, PeriodStart(start=context.at), key=key)
    file_done(file=file, report=context.report.as_json(), at=context.at)
