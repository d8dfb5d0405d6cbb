"""The life of a job row. Every step names the attempt it belongs to and does nothing for another one."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from portal.outbox import sending
from portal.outbox.contract import LeaseLost
from portal.outbox.models import Job
from portal.outbox.states import BACKOFF, KEEP_DONE, MAX_ATTEMPTS, SWEEP_LIMIT, JobState

log = structlog.get_logger()

_ERROR_LENGTH = 4000
_PURGE_CHUNK = 5000

# One statement, and SKIP LOCKED instead of waiting: whoever holds the row is about to finish it.
_CLAIM = """
UPDATE outbox_job
   SET state = 'running', attempts = attempts + 1, started_at = clock_timestamp(),
       lease_until = clock_timestamp() + %(lease)s
 WHERE id = (
        SELECT id FROM outbox_job
         WHERE id = %(pk)s AND attempts < %(limit)s
           AND (state = 'queued' AND due_at <= clock_timestamp()
                OR state = 'running' AND lease_until < clock_timestamp())
           FOR UPDATE SKIP LOCKED)
RETURNING *
"""


def lease_length() -> timedelta:
    """Tell after what silence a worker is taken for dead."""
    return timedelta(seconds=getattr(settings, "OUTBOX_LEASE_SECONDS", 30))


def job_claim(pk: int) -> Job | None:
    """Take a due job, or one whose worker fell silent, for a new attempt; None if it is neither."""
    parameters = {"pk": pk, "limit": MAX_ATTEMPTS, "lease": lease_length()}
    return next(iter(Job.objects.raw(_CLAIM, parameters)), None)


def job_renew(*, pk: int, attempts: int, progress: str | None = None) -> bool:
    """Keep the job for another lease and note its progress; False when it belongs to another attempt."""
    told = {} if progress is None else {"progress": progress}
    changed = Job.objects.held(pk=pk, attempts=attempts).update(lease_until=Now() + lease_length(), **told)
    return changed == 1


def job_complete(*, pk: int, attempts: int, progress: str | None = None) -> None:
    """Mark the job done, as the last statement of the transaction that holds its effects.

    The row is not locked from the start of that transaction: a machine that vanishes must not keep
    others from the job. Raises LeaseLost, which must be left to roll the transaction back.
    """
    told = {} if progress is None else {"progress": progress}
    changed = Job.objects.held(pk=pk, attempts=attempts).update(
        state=JobState.DONE, lease_until=None, finished_at=Now(), last_error="", **told
    )
    if not changed:
        raise LeaseLost(f"job {pk}, attempt {attempts}")


def job_fail(*, job: Job, error: str) -> None:
    """Put the job back for a later attempt; after the fifth it is dead."""
    if job.attempts >= MAX_ATTEMPTS:
        job_bury(job=job, reason=error)
        return
    pause = BACKOFF[job.attempts - 1]
    changed = Job.objects.held(pk=job.pk, attempts=job.attempts).update(
        state=JobState.QUEUED,
        lease_until=None,
        sent_at=None,
        due_at=Now() + pause,
        last_error=_clipped(error),
    )
    log.warning(
        "job_failed", job=job.pk, handler=job.handler, attempts=job.attempts, error=error, kept=bool(changed)
    )


def job_bury(*, job: Job, reason: str) -> None:
    """Give the job up and raise the alarm: an error in the log is what monitoring listens to."""
    changed = Job.objects.held(pk=job.pk, attempts=job.attempts).update(
        state=JobState.DEAD, lease_until=None, finished_at=Now(), last_error=_clipped(reason)
    )
    if changed:
        log.error("job_dead", job=job.pk, handler=job.handler, key=job.key, reason=reason)


def jobs_sweep() -> int:
    """Send again whatever is due and unnoticed; return how many jobs were sent.

    Any number of sweepers may run side by side: each takes rows that no other one holds.
    """
    with transaction.atomic():
        _bury_exhausted()
        locked = Job.objects.unsent().select_for_update(skip_locked=True).order_by("due_at", "pk")
        jobs = [(job.pk, job.queue) for job in locked.only("pk", "queue")[:SWEEP_LIMIT]]
        Job.objects.filter(pk__in=[pk for pk, _queue in jobs]).update(sent_at=Now())
    # After the commit: a worker that is quicker than this transaction would find the row locked.
    sent = sending.send(jobs)
    if sent < len(jobs):
        Job.objects.filter(pk__in=[pk for pk, _queue in jobs[sent:]]).update(sent_at=None)
    return sent


def jobs_purge() -> int:
    """Delete jobs done more than 30 days ago, in portions; the dead stay until somebody decides."""
    deleted = 0
    while True:
        old = Job.objects.done_before(KEEP_DONE).order_by("pk").values("pk")[:_PURGE_CHUNK]
        portion, _models = Job.objects.filter(pk__in=old).delete()
        deleted += portion
        if portion < _PURGE_CHUNK:
            return deleted


def jobs_drop(pks: Sequence[int], *, reason: str) -> int:
    """Give up jobs that wait or run; a worker that has one loses it and keeps nothing of what it did."""
    live = Job.objects.filter(pk__in=pks, state__in=[JobState.QUEUED, JobState.RUNNING])
    return live.update(state=JobState.DEAD, lease_until=None, finished_at=Now(), last_error=_clipped(reason))


@transaction.atomic
def jobs_rerun(pks: Sequence[int]) -> int:
    """Give dead jobs five new attempts; return how many there were among the given ones."""
    dead = Job.objects.select_for_update().filter(pk__in=pks, state=JobState.DEAD).order_by("pk")
    jobs = list(dead.values_list("pk", "queue"))
    Job.objects.filter(pk__in=[pk for pk, _queue in jobs]).update(
        state=JobState.QUEUED, attempts=0, due_at=Now(), finished_at=None, sent_at=None
    )

    def send_after_commit() -> None:
        sending.send(jobs)

    transaction.on_commit(send_after_commit, robust=True)
    return len(jobs)


def _bury_exhausted() -> None:
    """Give up jobs that killed their worker in each of five attempts."""
    for job in Job.objects.exhausted().select_for_update(skip_locked=True).order_by("pk")[:SWEEP_LIMIT]:
        job_bury(job=job, reason=f"Исполнитель пропал {MAX_ATTEMPTS} раз подряд. {job.last_error}".strip())


def _clipped(error: str) -> str:
    """Keep what the column and the reader can take; PostgreSQL has no place for NUL."""
    return error.replace("\x00", "")[:_ERROR_LENGTH]
