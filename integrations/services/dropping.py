"""The administrator takes a stuck session or file out of the way."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from integrations.models import ExchangeFile, ExchangeSession, FileState
from integrations.onec.folder import SessionFolder
from portal.outbox.services import jobs_drop

_REASON = "снято администратором портала"


@transaction.atomic
def files_drop(*, file_ids: Collection[int], at: datetime) -> int:
    """Give up files that wait or are being loaded; 1C hears a failure, a running load keeps nothing."""
    stuck = ExchangeFile.objects.select_for_update(of=("self",)).filter(
        pk__in=file_ids, state__in=[FileState.RECEIVING, FileState.IMPORTING]
    )
    files = list(stuck.order_by("pk"))
    jobs_drop([file.job_id for file in files if file.job_id is not None], reason=_REASON)
    for file in files:
        file.state, file.message, file.finished_at = FileState.FAILED, f"{file.name}: {_REASON}", at
        file.is_closed, file.sha256 = True, ""  # the same bytes sent again are loaded
    ExchangeFile.objects.bulk_update(files, ["state", "message", "finished_at", "is_closed", "sha256"])
    return len(files)


def sessions_drop(*, session_ids: Collection[int], at: datetime) -> int:
    """End sessions: their unfinished files are given up, their folders removed; return the files."""
    with transaction.atomic():
        sessions = list(
            ExchangeSession.objects.select_for_update(of=("self",)).filter(pk__in=session_ids).order_by("pk")
        )
        files = ExchangeFile.objects.filter(session__in=sessions).values_list("pk", flat=True)
        dropped = files_drop(file_ids=list(files), at=at)
        ExchangeSession.objects.filter(pk__in=[session.pk for session in sessions]).update(is_tidied=True)
    for session in sessions:
        SessionFolder(session.token).remove()
    return dropped
