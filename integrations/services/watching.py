"""What nobody asks for in time: files that were sent and never asked to be loaded, runs without an end."""

from datetime import datetime, timedelta

import structlog

from integrations.models import ExchangeFile, FileState
from integrations.onec.names import is_data, load_rank
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.file_states import file_failed
from integrations.services.imports import import_start
from integrations.services.keeping import files_keep
from integrations.services.runs import runs_close
from integrations.services.sessions import IDLE_LIMIT

QUIET = timedelta(minutes=2)

log = structlog.get_logger()


def exchange_watch(*, at: datetime) -> tuple[int, int]:
    """Start what lies about, close what is over, keep copies; return how many files and runs there were."""
    counted = uploads_start(at=at), runs_close(at=at)
    files_keep()
    return counted


def uploads_start(*, at: datetime) -> int:
    """Load files whose session has been silent for two minutes: «не ждать загрузки», a client that died.

    1C that comes back and asks finds them loaded, or being loaded.
    """
    left = [file for file in _left(at) if is_data(file.name)]
    for file in sorted(left, key=lambda file: (file.session_id, load_rank(file.name), file.pk)):
        try:
            import_start(file=file)
        except ExchangeRefusal as refusal:
            file_failed(file=file, reason=str(refusal), at=at)
    if left:
        log.info("exchange_files_unasked", files=[file.pk for file in left])
    return len(left)


def _left(at: datetime) -> list[ExchangeFile]:
    """Files still to be loaded; a session one of whose files has just grown is not over."""
    growing = ExchangeFile.objects.filter(received_at__gt=at - QUIET)
    return list(
        ExchangeFile.objects.select_related("session__node")
        .filter(
            state=FileState.RECEIVING,
            received_at__gt=at - IDLE_LIMIT,
            session__node__is_active=True,
            session__is_tidied=False,
            session__seen_at__lte=at - QUIET,
        )
        .exclude(session__in=growing.values("session"))
    )
