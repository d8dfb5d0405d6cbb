"""What the schedule sets off."""

from celery import shared_task
from django.utils import timezone

from integrations.crm.presence import is_anybody_told
from integrations.services.alarms import alarms_turn
from integrations.services.crm.looking import clients_look_hourly
from integrations.services.crm.polling import polls_ask
from integrations.services.crm.writing import crm_wake
from integrations.services.telling import daily_ask
from integrations.services.tidying import exchange_tidy
from integrations.services.watching import exchange_watch
from integrations.services.webhooks import webhooks_wake


@shared_task(name="integrations.exchange_tidy", soft_time_limit=300, time_limit=360)
def tidy() -> None:
    exchange_tidy(at=timezone.now())


@shared_task(name="integrations.exchange_watch", soft_time_limit=300, time_limit=360)
def watch() -> None:
    exchange_watch(at=timezone.now())


@shared_task(name="integrations.exchange_alarms", soft_time_limit=60, time_limit=90)
def alarms() -> None:
    alarms_turn(at=timezone.now())


@shared_task(name="integrations.outside_wake", soft_time_limit=60, time_limit=90)
def wake_outside() -> None:
    """Each minute: what waits for receivers and CRM systems; without any no job is made."""
    if is_anybody_told():
        webhooks_wake(at=timezone.now())
        crm_wake(at=timezone.now())


@shared_task(name="integrations.outside_ask", soft_time_limit=60, time_limit=90)
def ask_outside() -> None:
    """Each hour: idle carts, overdue debts once a day, clients that have changed on either side."""
    if is_anybody_told():
        daily_ask(at=timezone.now())
        polls_ask(at=timezone.now())
        clients_look_hourly(at=timezone.now())
