"""What the schedule sets off."""

from celery import shared_task
from django.utils import timezone

from integrations.services.alarms import alarms_turn
from integrations.services.tidying import exchange_tidy
from integrations.services.watching import exchange_watch


@shared_task(name="integrations.exchange_tidy", soft_time_limit=300, time_limit=360)
def tidy() -> None:
    exchange_tidy(at=timezone.now())


@shared_task(name="integrations.exchange_watch", soft_time_limit=300, time_limit=360)
def watch() -> None:
    exchange_watch(at=timezone.now())


@shared_task(name="integrations.exchange_alarms", soft_time_limit=60, time_limit=90)
def alarms() -> None:
    alarms_turn(at=timezone.now())
