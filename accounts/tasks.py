"""What the schedule sets off."""

from celery import shared_task
from django.utils import timezone

from accounts.limiter import guesses_purge
from accounts.services.letters import letters_purge


@shared_task(name="accounts.guesses_purge", soft_time_limit=60, time_limit=90)
def purge_guesses() -> None:
    guesses_purge(at=timezone.now())


@shared_task(name="accounts.letters_purge", soft_time_limit=60, time_limit=90)
def purge_letters() -> None:
    letters_purge(at=timezone.now())
