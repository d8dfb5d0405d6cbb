"""What the schedule sets off."""

from celery import shared_task
from django.utils import timezone

from integrations.services.tidying import exchange_tidy
from integrations.services.watching import exchange_watch


@shared_task(name="integrations.exchange_tidy", soft_time_limit=300, time_limit=360)
def tidy() -> None:
    exchange_tidy(at=timezone.now())


@shared_task(name="integrations.exchange_watch", soft_time_limit=300, time_limit=360)
def watch() -> None:
    exchange_watch(at=timezone.now())
