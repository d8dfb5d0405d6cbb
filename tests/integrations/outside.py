"""Doing the jobs of tests that talk to the outside: what waits for a moment is brought near."""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from integrations.models import CrmAccount, CrmBucket, CrmLink, WebhookDelivery
from integrations.services.crm.writing import crm_wake
from integrations.services.webhooks import webhooks_wake
from portal.outbox.models import Job
from portal.outbox.runner import run


def work_off(*, rounds: int = 1, hurried: bool = True) -> None:
    """Run jobs as workers would until none is left, so many times over; pauses are cut short in between."""
    for _round in range(rounds):
        if hurried:
            hurry()
            crm_wake(at=timezone.now())
            webhooks_wake(at=timezone.now())
        while pks := list(
            Job.objects.filter(state="queued", due_at__lte=Now()).order_by("pk").values_list("pk", flat=True)
        ):
            for pk in pks:
                run(pk)


def hurry() -> None:
    """Let everything that waits for its next try be due."""
    long_ago = Now() - timedelta(seconds=1)
    Job.objects.filter(state="queued").update(due_at=long_ago)
    WebhookDelivery.objects.filter(state="waiting").update(next_at=Now() - timedelta(minutes=5))
    CrmLink.objects.filter(state="waiting").update(next_at=F("created_at"))
    CrmBucket.objects.update(rest_until=None)
    CrmAccount.objects.update(busy_until=None)
