"""Receivers of messages: their secrets, a test, and going on after a pause."""

import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from accounts.sealing import seal
from integrations.crm.outward import address_check
from integrations.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.services.webhooks import deliveries_resend, delivery_write

_MARK = "whsec_"


@transaction.atomic
def endpoint_make(*, name: str, url: str, events: list[str], at: datetime) -> tuple[WebhookEndpoint, str]:
    """Make a receiver; its secret is returned here and nowhere else. Raises AddressRefused."""
    address_check(url)
    secret = _secret()
    endpoint = WebhookEndpoint.objects.create(
        name=name, url=url, events=events, sealed_secret=seal(secret), created_at=at
    )
    return endpoint, secret


@transaction.atomic
def endpoint_secret_renew(*, endpoint_id: int) -> str:
    """Sign with a new secret from the next message on; return it. Raises WebhookEndpoint.DoesNotExist."""
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(pk=endpoint_id)
    secret = _secret()
    endpoint.sealed_secret = seal(secret)
    endpoint.save(update_fields=["sealed_secret"])
    return secret


@transaction.atomic
def endpoint_resume(*, endpoint_id: int, at: datetime) -> int:
    """Let a paused receiver have what waits for it, with a new day of patience; return how many messages."""
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(pk=endpoint_id)
    endpoint.paused_at, endpoint.paused_reason, endpoint.failures = None, "", 0
    endpoint.save(update_fields=["paused_at", "paused_reason", "failures"])
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    return deliveries_resend(delivery_ids=list(waiting.values_list("pk", flat=True)), at=at)


@transaction.atomic
def endpoint_test(*, endpoint_id: int, at: datetime) -> WebhookDelivery:
    """Write a message that tells of nothing, whatever events the receiver wants."""
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(pk=endpoint_id)
    number = uuid4().hex
    delivery = delivery_write(
        endpoint,
        event=WebhookEvent.TEST,
        subject="test",
        key=f"test:{number}",
        data={"text": "Проверка связи"},
        at=at,
    )
    if delivery is None:
        raise AssertionError("a key that is made anew is never known")
    return delivery


def _secret() -> str:
    return _MARK + secrets.token_urlsafe(32)
