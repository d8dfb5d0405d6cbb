"""The administrator's word on a file that was held."""

from collections.abc import Collection

from django.db import transaction

from integrations.models import ExchangeFile, FileState
from integrations.services.file_states import FileJob
from integrations.services.imports import exchange_file_load
from portal.outbox import enqueue


@transaction.atomic
def files_approve(*, file_ids: Collection[int], user_id: int | None) -> int:
    """Have held files applied as they are; return how many were held.

    What newer files have changed or told again since then stays as they left it.
    """
    files = _held(file_ids)
    for file in files:
        key = f"approved:{file.pk}:{file.finished_at.timestamp() if file.finished_at else 0}"
        file.job_id = enqueue(exchange_file_load, FileJob(file_id=file.pk), key=key)
        file.state, file.is_approved, file.decided_by_id = FileState.IMPORTING, True, user_id
    ExchangeFile.objects.bulk_update(files, ["job", "state", "is_approved", "decided_by"])
    return len(files)


@transaction.atomic
def files_reject(*, file_ids: Collection[int], user_id: int | None) -> int:
    """Leave held files unapplied for good; return how many were held."""
    files = _held(file_ids)
    for file in files:
        file.state, file.decided_by_id = FileState.REJECTED, user_id
    ExchangeFile.objects.bulk_update(files, ["state", "decided_by"])
    return len(files)


def _held(file_ids: Collection[int]) -> list[ExchangeFile]:
    held = ExchangeFile.objects.select_for_update(of=("self",)).filter(pk__in=file_ids, state=FileState.HELD)
    return list(held.order_by("pk"))
