"""What may become of a received file; used by every job that works on one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.models import ExchangeFile, FileState
from portal.outbox import LeaseLost
from portal.outbox.states import JobState


@dataclass(frozen=True, slots=True)
class FileJob:
    """Payload: which received file to work on."""

    file_id: int


def file_is_in_work(file: ExchangeFile) -> bool:
    """Tell whether a worker has the file or will take it; a job that was given up holds it no longer."""
    return (
        file.state == FileState.IMPORTING
        and file.job is not None
        and file.job.state in {JobState.QUEUED, JobState.RUNNING}
    )


def file_done(*, file: ExchangeFile, report: dict[str, Any], at: datetime) -> None:
    """Note success, in the transaction of its effects.

    Raises LeaseLost when an administrator has dropped the file meanwhile: the effects must not be kept.
    """
    kept = ExchangeFile.objects.filter(pk=file.pk, state=FileState.IMPORTING).update(
        state=FileState.DONE, message="", report=report, finished_at=at
    )
    if not kept:
        raise LeaseLost(f"file {file.pk} is no longer being loaded")


def file_held(*, file: ExchangeFile, report: dict[str, Any], at: datetime) -> None:
    """Note that the file waits for an administrator; nothing of it has been applied."""
    ExchangeFile.objects.filter(pk=file.pk, state=FileState.IMPORTING).update(
        state=FileState.HELD, message="", report=report, finished_at=at
    )


def file_failed(*, file: ExchangeFile, reason: str, at: datetime) -> None:
    """Note the reason that 1C is told; nothing else of the file is kept."""
    file.state, file.message, file.report, file.finished_at = FileState.FAILED, reason, {}, at
    file.save(update_fields=["state", "message", "report", "finished_at"])
