"""How the queues stand, for the readiness check, the metrics and the admin."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q
from django.db.models.functions import Now

from portal.outbox.models import Job
from portal.outbox.states import JobState

_DUE = Q(state=JobState.QUEUED, due_at__lte=Now())
_WAIT = ExpressionWrapper(Now() - F("due_at"), output_field=DurationField())


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue: jobs that could start now, jobs in work, jobs given up, and the longest wait."""

    queue: str
    waiting: int
    running: int
    dead: int
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What a waiting page or a polling client needs to know of a job."""

    state: JobState
    progress: str
    error: str


def queue_lag() -> float:
    """Tell for how many seconds the longest waiting job could have been running; 0 when none waits."""
    longest: timedelta | None = Job.objects.filter(_DUE).aggregate(longest=Max(_WAIT))["longest"]
    return longest.total_seconds() if longest else 0.0


def queue_rows() -> list[QueueRow]:
    """Tell the state of each queue that has unfinished or dead jobs, by name; one query."""
    rows = (
        Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING, JobState.DEAD])
        .values("queue")
        .annotate(
            waiting=Count("pk", filter=_DUE),
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            dead=Count("pk", filter=Q(state=JobState.DEAD)),
            oldest=Max(_WAIT, filter=_DUE),
        )
        .order_by("queue")
    )
    return [
        QueueRow(
            queue=row["queue"],
            waiting=row["waiting"],
            running=row["running"],
            dead=row["dead"],
            oldest=row["oldest"] or timedelta(),
        )
        for row in rows
    ]


def job_status(pk: int) -> JobStatus:
    """Tell how a job fares. Raises Job.DoesNotExist."""
    job = Job.objects.only("state", "progress", "last_error").get(pk=pk)
    return JobStatus(
        state=JobState(job.state),
        progress=job.progress or "",
        error=job.last_error.partition("\n")[0],
    )
