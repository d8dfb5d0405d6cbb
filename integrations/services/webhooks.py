"""Messages for receivers: written down with what they tell of, sent until they are taken."""

import json
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.sealing import unseal
from integrations.crm.outward import AddressRefused, Answer, Unreachable, ask
from integrations.crm.signing import DELIVERY, EVENT, SIGNATURE, TIMESTAMP, signature
from integrations.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.services.outside_trouble import delivery_dead_tell, receiver_stopped_tell
from portal.outbox import JobContext, enqueue, job

VERSION = 1
PATIENCE = timedelta(days=1)
_PAUSES = (10, 30, 120, 600, 1_800, 3_600, 7_200)  # seconds before the next try; the last one repeats
_LONGEST_ASKED = 3_600  # a receiver that asks to wait longer is asked again after an hour
_CLAIM = timedelta(minutes=1)  # longer than one request can take
_SECONDS, _ANSWER_LENGTH = 15.0, 2_048
_FAILURES, _TROUBLE = 20, timedelta(hours=1)
_NEVER = frozenset({400, 413, 422})
"""Answers that say that this very message will not be taken, however often it comes."""
_SAFETY = timedelta(minutes=2)
_LATER = timedelta(seconds=1)
"""A job that came a moment before its message is due would have nothing to do."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DeliveryTask:
    """A message to be sent."""

    delivery_id: int


@transaction.atomic
def webhook_emit(
    *, event: WebhookEvent, subject: str, key: str, data: Mapping[str, Any], at: datetime
) -> int:
    """Write a message for every receiver that wants the event; return how many. Idempotent by key."""
    return sum(
        delivery_write(endpoint, event=event, subject=subject, key=key, data=data, at=at) is not None
        for endpoint in WebhookEndpoint.objects.wanting(event)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def keys_untold(*, event: WebhookEvent, keys: Collection[str]) -> set[str]:
    """Those of the keys that some receiver of the event has not been told yet; two queries."""
    wanting = list(WebhookEndpoint.objects.wanting(event).values_list("pk", flat=True))
    rows = WebhookDelivery.objects.filter(endpoint__in=wanting, key__in=keys)
    told = Counter(rows.values_list("key", flat=True))
    return {key for key in keys if told[key] < len(wanting)}


def delivery_write(
    endpoint: WebhookEndpoint,
    *,
    event: WebhookEvent,
    subject: str,
    key: str,
    data: Mapping[str, Any],
    at: datetime,
) -> WebhookDelivery | None:
    """Write one message; None if it was written before. The caller holds the lock of the receiver."""
    if WebhookDelivery.objects.filter(endpoint=endpoint, key=key).exists():
        return None
    endpoint.sequence += 1
    endpoint.save(update_fields=["sequence"])
    body = {
        "id": str(uuid5(NAMESPACE_URL, f"webhook:{endpoint.pk}:{key}")),
        "event": event.value,
        "version": VERSION,
        "at": at.isoformat(),
        "sequence": endpoint.sequence,
        "subject": subject,
        "data": data,
    }
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint,
        sequence=endpoint.sequence,
        event=event,
        subject=subject,
        key=key,
        body=json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False),
        first_at=at,
        next_at=at,
        created_at=at,
    )
    if endpoint.paused_at is None:
        _ask_for(delivery.pk)
    return delivery


@job(atomic=False)
def send_delivery(task: DeliveryTask, job: JobContext) -> None:
    """Send a message that is due and first in its turn; write down how it went."""
    delivery = _claimed(task.delivery_id, at=timezone.now())
    if delivery is None:
        return
    answer, reason = _sent(delivery, at=timezone.now())
    with job.finish():
        delivery_note(delivery_id=delivery.pk, answer=answer, reason=reason, at=timezone.now())


@transaction.atomic
def _claimed(delivery_id: int, *, at: datetime) -> WebhookDelivery | None:
    """The message, held for a minute, if it is to be sent now: two jobs of one message send it once."""
    rows = WebhookDelivery.objects.select_related("endpoint").select_for_update(of=("self",))
    delivery = rows.filter(pk=delivery_id, state=DeliveryState.WAITING, next_at__lte=at).first()
    if delivery is None or not delivery.endpoint.is_active or delivery.endpoint.paused_at is not None:
        return None
    if _earlier(delivery).exists():  # its end wakes this one
        return None
    delivery.next_at = at + _CLAIM
    delivery.save(update_fields=["next_at"])
    return delivery


def _earlier(delivery: WebhookDelivery) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(
        endpoint=delivery.endpoint_id,
        subject=delivery.subject,
        sequence__lt=delivery.sequence,
        state=DeliveryState.WAITING,
    )


def _sent(delivery: WebhookDelivery, *, at: datetime) -> tuple[Answer | None, str]:
    body, moment = delivery.body.encode(), str(int(at.timestamp()))
    secret = unseal(delivery.endpoint.sealed_secret)
    headers = {
        "Content-Type": "application/json",
        EVENT: delivery.event,
        DELIVERY: json.loads(delivery.body)["id"],
        TIMESTAMP: moment,
        SIGNATURE: signature(secret, timestamp=moment, body=body),
    }
    try:
        url = delivery.endpoint.url
        return ask("POST", url, body=body, headers=headers, longest=_ANSWER_LENGTH, seconds=_SECONDS), ""
    except (Unreachable, AddressRefused) as error:
        return None, str(error)


@transaction.atomic
def delivery_note(*, delivery_id: int, answer: Answer | None, reason: str, at: datetime) -> None:
    """Write down an answer, or that there was none, and what follows: the next one or the next try."""
    endpoint_id = WebhookDelivery.objects.values_list("endpoint", flat=True).get(pk=delivery_id)
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(pk=endpoint_id)
    delivery = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if delivery.state != DeliveryState.WAITING:
        return
    delivery.attempts += 1
    delivery.last_status = answer.status if answer else None
    delivery.last_answer = answer.body.decode("utf-8", "replace").replace("\0", "") if answer else reason
    if answer is not None and 200 <= answer.status < 300:
        endpoint.failures = 0
        _end(delivery, DeliveryState.DELIVERED, at)
    else:
        endpoint.failures += 1
        _fail(endpoint, delivery, answer, at)
    endpoint.save(update_fields=["failures", "paused_at", "paused_reason"])
    log.info(
        "webhook_sent",
        endpoint=endpoint.pk,
        delivery=delivery.pk,
        status=delivery.last_status,
        reason=reason,
        attempts=delivery.attempts,
    )


def _fail(endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer | None, at: datetime) -> None:
    if answer is not None and answer.status in _NEVER:
        _end(delivery, DeliveryState.FAILED, at)
        return
    pause = _pause(delivery.attempts, answer)
    if at + pause - delivery.first_at > PATIENCE:
        _end(delivery, DeliveryState.DEAD, at)
        delivery_dead_tell(endpoint, delivery, at=at)
        return
    delivery.next_at = at + pause
    delivery.save(update_fields=["attempts", "last_status", "last_answer", "next_at"])
    is_gone = answer is not None and answer.status == 410
    if is_gone or (endpoint.failures >= _FAILURES and at - delivery.first_at >= _TROUBLE):
        endpoint.paused_at = at
        said = f"код {answer.status}" if answer else delivery.last_answer
        endpoint.paused_reason = f"Отказов подряд: {endpoint.failures}, последний: {said}"[:300]
        log.error("webhook_paused", endpoint=endpoint.pk, reason=endpoint.paused_reason)
        receiver_stopped_tell(endpoint, at=at)
        return
    _ask_for(delivery.pk, delay=pause + _LATER)


def _pause(attempts: int, answer: Answer | None) -> timedelta:
    """Longer with every try and never the same for all: receivers come back to life under less load."""
    own = _PAUSES[min(attempts, len(_PAUSES)) - 1] * (1 + random.random() / 4)  # noqa: S311 - no secret
    asked = (answer.retry_after or 0) if answer else 0
    return timedelta(seconds=max(own, min(asked, _LONGEST_ASKED)))


def _end(delivery: WebhookDelivery, state: DeliveryState, at: datetime) -> None:
    """The next one of its subject goes now; its day of patience begins when it is sent."""
    delivery.state, delivery.next_at = state, None
    delivery.sent_at = at if state == DeliveryState.DELIVERED else None
    delivery.save(update_fields=["state", "next_at", "sent_at", "attempts", "last_status", "last_answer"])
    following = WebhookDelivery.objects.filter(
        endpoint=delivery.endpoint_id,
        subject=delivery.subject,
        sequence__gt=delivery.sequence,
        state=DeliveryState.WAITING,
    )
    next_one = following.order_by("sequence").values_list("pk", flat=True).first()
    if next_one is not None:
        WebhookDelivery.objects.filter(pk=next_one).update(next_at=at, first_at=at)
        _ask_for(next_one)


def _ask_for(delivery_id: int, *, delay: timedelta = timedelta()) -> None:
    key = f"webhook:{delivery_id}:{uuid4().hex}"
    enqueue(send_delivery, DeliveryTask(delivery_id=delivery_id), key=key, delay=delay)


@transaction.atomic
def deliveries_resend(*, delivery_ids: Sequence[int], at: datetime) -> int:
    """Send messages again, those that were delivered, too: with their old number, so a repeat is seen.

    One that waits for its next try goes at once. Returns how many.
    """
    endpoints = WebhookEndpoint.objects.filter(deliveries__in=delivery_ids).order_by("pk")
    list(
        WebhookEndpoint.objects.filter(pk__in=endpoints.values("pk"))
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    rows = WebhookDelivery.objects.select_for_update(of=("self",)).filter(pk__in=delivery_ids)
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    WebhookDelivery.objects.filter(pk__in=pks).update(
        state=DeliveryState.WAITING, attempts=0, first_at=at, next_at=at, sent_at=None
    )
    for pk in pks:
        _ask_for(pk)
    return len(pks)


def deliveries_replay(*, endpoint_id: int, since: datetime, until: datetime, at: datetime) -> int:
    """Send all messages of a period to a receiver again; return how many."""
    rows = WebhookDelivery.objects.filter(
        endpoint=endpoint_id, created_at__gte=since, created_at__lt=until
    ).order_by("sequence")
    return deliveries_resend(delivery_ids=list(rows.values_list("pk", flat=True)), at=at)


@transaction.atomic
def webhooks_wake(*, at: datetime) -> int:
    """Send again what nobody seems to send: its worker was killed, or its receiver was paused till now."""
    lost = WebhookDelivery.objects.filter(
        state=DeliveryState.WAITING,
        next_at__lt=at - _SAFETY,
        endpoint__is_active=True,
        endpoint__paused_at__isnull=True,
    )
    before = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        subject=OuterRef("subject"),
        sequence__lt=OuterRef("sequence"),
        state=DeliveryState.WAITING,
    )
    lost = lost.filter(~Exists(before)).order_by("next_at", "pk")
    pks = list(lost.values_list("pk", flat=True)[:500])
    for pk in pks:
        _ask_for(pk)
    return len(pks)
