"""What conversations leave behind is kept for a while, then removed."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings

from integrations.models import (
    CrmInbound,
    DeliveryState,
    ExchangeFile,
    ExchangeSession,
    FileState,
    InboundState,
    PendingOffer,
    PendingTerm,
    PushBatch,
    WebhookDelivery,
)
from integrations.onec.folder import SessionFolder
from integrations.services.keeping import files_keep, kept_tidy
from integrations.services.sessions import IDLE_LIMIT
from portal.outbox.states import JobState

PENDING_LIMIT = timedelta(days=30)
BATCH_LIMIT = timedelta(days=90)  # nobody repeats a batch that old; what it brought stays known by its ids
OUTSIDE_LIMIT = timedelta(days=90)
_PORTION = 200

log = structlog.get_logger()


def exchange_tidy(*, at: datetime) -> int:
    """Remove folders of sessions idle for a day and offers whose goods never came; return the folders.

    A session with a file that is still being loaded keeps its folder.
    """
    idle = ExchangeSession.objects.filter(is_tidied=False, seen_at__lt=at - IDLE_LIMIT)
    in_work = ExchangeFile.objects.filter(
        state=FileState.IMPORTING, job__state__in=[JobState.QUEUED, JobState.RUNNING]
    )
    idle = idle.exclude(pk__in=in_work.values("session")).order_by("pk")[:_PORTION]
    removed = 0
    for session in idle:
        files_keep(session_id=session.pk)
        SessionFolder(session.token).remove()
        ExchangeSession.objects.filter(pk=session.pk).update(is_tidied=True)
        removed += 1
    removed += _remove_strangers(older_than=time.time() - IDLE_LIMIT.total_seconds())
    kept_tidy()
    PushBatch.objects.filter(received_at__lt=at - BATCH_LIMIT).delete()
    dropped, _models = PendingOffer.objects.filter(received_at__lt=at - PENDING_LIMIT).delete()
    PendingTerm.objects.filter(received_at__lt=at - PENDING_LIMIT).delete()
    outside_tidy(at=at)
    if removed or dropped:
        log.info("exchange_tidied", folders=removed, pending_offers=dropped)
    return removed


def outside_tidy(*, at: datetime) -> None:
    """Forget what receivers were told and what CRM systems told, ninety days after; what waits stays."""
    until = at - OUTSIDE_LIMIT
    WebhookDelivery.objects.filter(created_at__lt=until).exclude(state=DeliveryState.WAITING).delete()
    CrmInbound.objects.filter(received_at__lt=until).exclude(state=InboundState.WAITING).delete()


def _remove_strangers(*, older_than: float) -> int:
    """Remove folders that belong to no session: of a database that was set up anew."""
    root = Path(settings.EXCHANGE_ROOT)
    if not root.is_dir():
        return 0
    old = [path for path in root.iterdir() if path.is_dir() and path.stat().st_mtime < older_than]
    tokens = ExchangeSession.objects.filter(is_tidied=False).values_list("token", flat=True)
    known = {token.hex for token in tokens} if old else set()
    strangers = [path for path in old if path.name not in known and _is_token(path.name)]
    for path in strangers:
        SessionFolder(UUID(path.name)).remove()
    return len(strangers)


def _is_token(name: str) -> bool:
    return len(name) == 32 and all(letter in "0123456789abcdef" for letter in name)
