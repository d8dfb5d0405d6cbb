"""Who hears of the invented company's events: a system that has stopped answering."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from integrations.models import WebhookEndpoint, WebhookEvent
from integrations.services.webhook_endpoints import endpoint_make, endpoint_test

NAME: Final = "Табло склада"
URL: Final = "https://tablo.opora.example/portal"
_EVENTS: Final = (
    WebhookEvent.ORDER_CONFIRMED,
    WebhookEvent.ORDER_SHIPPED,
    WebhookEvent.MESSAGE_POSTED,
    WebhookEvent.CLAIM_FILED,
)
_FAILURES: Final = 20


@transaction.atomic
def receivers_fill() -> None:
    """A paused receiver, which gathers what it is to be told; nothing where there is one already.

    It is paused from the start, so that nothing is ever sent to an address that does not exist.
    """
    if WebhookEndpoint.objects.exists():
        return
    now = timezone.now()
    endpoint, _secret = endpoint_make(name=NAME, url=URL, events=[one.value for one in _EVENTS], at=now)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        failures=_FAILURES, paused_at=now, paused_reason=f"Отказов подряд: {_FAILURES}, последний: код 502"
    )
    endpoint_test(endpoint_id=endpoint.pk, at=now)
