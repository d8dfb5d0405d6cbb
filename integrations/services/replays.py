"""Files loaded once more, or by hand, in sessions of the portal's own."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import transaction

from integrations.models import ExchangeFile, ExchangeNode, ExchangeSession, FileState, SessionKind
from integrations.services.file_states import FileJob
from integrations.services.imports import exchange_file_load, import_start
from integrations.services.keeping import file_keep
from integrations.services.uploads import upload_append
from portal.outbox import enqueue


def files_replay(*, file_ids: Collection[int], at: datetime) -> tuple[int, int]:
    """Load kept files once more, in the order in which they came; return how many, and how many cannot be.

    A repeat is a file like any other: an older one does not overwrite newer prices or stock.
    """
    files = ExchangeFile.objects.select_related("session__node").filter(pk__in=file_ids).order_by("pk")
    over = [file for file in files if file.finished_at is not None and file.name.lower().endswith(".xml")]
    kept = [file for file in over if file_keep(file=file)]
    for file in kept:
        _replay(file, at)
    return len(kept), len(files) - len(kept)


@transaction.atomic
def _replay(file: ExchangeFile, at: datetime) -> None:
    session = manual_session(node=file.session.node, kind=SessionKind(file.session.kind), at=at)
    again = ExchangeFile.objects.create(
        session=session,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        is_closed=True,
        is_kept=True,
        state=FileState.IMPORTING,
        received_at=at,
        replay_of=file,
    )
    again.job_id = enqueue(exchange_file_load, FileJob(file_id=again.pk), key=f"replay:{again.pk}")
    again.save(update_fields=["job"])


def content_submit(*, node: ExchangeNode, path: Path, at: datetime) -> ExchangeFile:
    """Take a file from disk as if 1C had sent it, and have it loaded. Raises ExchangeRefusal."""
    session = manual_session(node=node, at=at)
    with path.open("rb") as stream:
        file = upload_append(
            session=session, name=path.name, stream=stream, length=path.stat().st_size, at=at
        )
    return import_start(file=file)


def manual_session(
    *, node: ExchangeNode, at: datetime, kind: SessionKind = SessionKind.CATALOG
) -> ExchangeSession:
    """A session that no client can speak in: it has no credential."""
    return ExchangeSession.objects.create(node=node, kind=kind, started_at=at, seen_at=at, is_manual=True)
