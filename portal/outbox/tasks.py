"""What Celery may call; everything that counts is in the database before it does."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from portal.outbox.publishing import Period, enqueue_period
from portal.outbox.runner import run
from portal.outbox.sending import RUN_TASK
from portal.outbox.services import jobs_purge, jobs_sweep


@shared_task(name=RUN_TASK)
def run_job(pk: int) -> None:
    run(pk)


@shared_task(name="outbox.sweep", soft_time_limit=30, time_limit=60)
def sweep() -> None:
    jobs_sweep()


@shared_task(name="outbox.purge")
def purge() -> None:
    jobs_purge()


@shared_task(name="outbox.enqueue_period")
def enqueue_scheduled(handler: str, period: str) -> None:
    """Make the job of a schedule: two beats, or a beat that stumbles, still make one job per period."""
    with transaction.atomic():
        enqueue_period(handler=handler, period=Period(period), at=timezone.now())
