"""Archives of a session become its files."""

from datetime import datetime

import structlog
from django.utils import timezone

from integrations.models import ExchangeFile, FileState
from integrations.onec.archives import UnpackedFile, unpack
from integrations.onec.folder import SessionFolder
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.file_states import FileJob, file_done, file_failed
from portal.outbox import JobContext, job

log = structlog.get_logger()


@job(queue="exchange", atomic=False)
def archive_unpack(payload: FileJob, running: JobContext) -> None:
    """Unpack an archive into the files of its session: all of them or none."""
    archive = ExchangeFile.objects.select_related("session").get(pk=payload.file_id)
    if archive.state != FileState.IMPORTING:
        return
    folder = SessionFolder(archive.session.token)

    def tell(text: str) -> None:
        running.heartbeat()
        running.progress(text)

    try:
        unpacked = unpack(folder.place(archive.pk), name=archive.name, folder=folder, tell=tell)
    except ExchangeRefusal as refusal:
        log.warning("exchange_archive_refused", file=archive.pk, reason=str(refusal))
        with running.finish():
            file_failed(file=archive, reason=str(refusal), at=timezone.now())
        return
    try:
        with running.finish():
            _adopt(archive, folder, unpacked, at=timezone.now())
    finally:
        for file in unpacked:
            file.path.unlink(missing_ok=True)


def _adopt(
    archive: ExchangeFile, folder: SessionFolder, unpacked: list[UnpackedFile], *, at: datetime
) -> None:
    """Give every entry its row and its place; an entry named twice is taken as it came last."""
    last = {file.name: file for file in unpacked}
    rows = [
        ExchangeFile(
            session_id=archive.session_id,
            name=name,
            size=file.size,
            is_closed=True,
            state=FileState.RECEIVING,
            received_at=archive.received_at,  # nothing new has come: the portal waits no longer for it
        )
        for name, file in last.items()
    ]
    kept = ExchangeFile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["session", "name"],
        update_fields=["size", "is_closed", "state", "received_at"],
    )
    for row in kept:
        folder.append(last[row.name].path, file_id=row.pk, offset=0)
    file_done(file=archive, report={"counts": {"unpacked": len(kept)}}, at=at)
