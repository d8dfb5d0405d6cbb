"""Copies of received files: made after the load, kept for 30 days, read for repeats and downloads."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from integrations.models import ExchangeFile, FileState
from integrations.onec.folder import SessionFolder
from integrations.onec.kept import kept_place, kept_put, kept_remove, kept_unpacked
from integrations.onec.refusal import ExchangeRefusal

KEPT_FOR = timedelta(days=30)
_PASS_SECONDS = 40.0

log = structlog.get_logger()


def files_keep(*, session_id: int | None = None, seconds: float = _PASS_SECONDS) -> int:
    """Copy what has been loaded or refused and is not kept yet; return how many. Idempotent."""
    until, kept = time.monotonic() + seconds, 0
    waiting = ExchangeFile.objects.select_related("session").filter(is_kept=False, finished_at__isnull=False)
    if session_id is not None:
        waiting = waiting.filter(session=session_id)
    for file in waiting.filter(session__is_tidied=False, name__iendswith=".xml").order_by("finished_at"):
        kept += file_keep(file=file)
        if time.monotonic() >= until:
            break
    return kept


def file_keep(*, file: ExchangeFile) -> bool:
    """Copy one file, unless its bytes are being replaced; tell whether there is a copy."""
    path = SessionFolder(file.session.token).place(file.pk)
    if file.is_kept:
        return kept_place(file.sha256).exists()
    try:
        if not file.sha256 or path.stat().st_size != file.size:
            return False
        kept_put(path, sha256=file.sha256)
    except OSError as error:  # the disk is full: the exchange goes on without copies
        log.warning("exchange_file_not_kept", file=file.pk, error=str(error))
        return False
    changed = ExchangeFile.objects.filter(pk=file.pk, sha256=file.sha256, size=file.size).update(is_kept=True)
    file.is_kept = bool(changed)
    return file.is_kept


@contextmanager
def file_content(file: ExchangeFile) -> Iterator[Path]:
    """The bytes of a file as a path: from its session, else from the copy.

    Raises ExchangeRefusal where neither is there any more.
    """
    path = SessionFolder(file.session.token).place(file.pk)
    if path.is_file() and not file.replay_of_id:
        yield path
        return
    with ExitStack() as stack:
        try:
            place = stack.enter_context(kept_unpacked(file.sha256))
        except FileNotFoundError:
            raise ExchangeRefusal(f"{file.name}: файла больше нет на портале") from None
        yield place


def kept_tidy() -> int:
    """Remove copies older than 30 days; what waits for a decision stays."""
    held = ExchangeFile.objects.filter(state=FileState.HELD).values_list("sha256", flat=True)
    return kept_remove(seconds=KEPT_FOR.total_seconds(), wanted=set(held))


def kept_until(*, file: ExchangeFile) -> datetime | None:
    """Until when the copy can be had; None where there is none."""
    place = kept_place(file.sha256)
    if not file.is_kept or not place.exists():
        return None
    return datetime.fromtimestamp(place.stat().st_mtime).astimezone() + KEPT_FOR
