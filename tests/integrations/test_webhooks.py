"""Signed messages: written with what they tell of, sent until taken, in order, never twice."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notice
from accounts.notices import NoticeKind
from integrations.crm import outward
from integrations.crm.outward import AddressRefused, Unreachable, address_check, ask
from integrations.crm.signing import is_signed, signature
from integrations.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.services import webhooks
from integrations.services.webhook_endpoints import endpoint_make, endpoint_resume, endpoint_test
from integrations.services.webhooks import (
    deliveries_replay,
    deliveries_resend,
    webhook_emit,
    webhooks_wake,
)
from orders.services.steps import order_confirm
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from tests.factories import make_world
from tests.integrations.crm_world import make_sent_order
from tests.integrations.outside import hurry, work_off
from tests.standins.webhook import Receiver, receiver

pytestmark = pytest.mark.django_db

ALL = [event.value for event in WebhookEvent]


@pytest.fixture
def told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    settings.OUTWARD_HTTP_TO_LOOPBACK, settings.OUTWARD_PRIVATE_NETWORKS = True, ["127.0.0.0/8"]
    monkeypatch.setattr("portal.outbox.sending.send", len)
    monkeypatch.setattr("portal.outbox.heartbeat.Heartbeat.tell", lambda self, progress: None)
    with receiver() as standin:
        yield standin


@pytest.fixture
def endpoint(told: Receiver) -> WebhookEndpoint:
    made, told.secret = endpoint_make(name="Склад", url=told.url, events=ALL, at=timezone.now())
    return made


def emit(number: int, *, subject: str = "order:1") -> None:
    webhook_emit(
        event=WebhookEvent.ORDER_CHANGED,
        subject=subject,
        key=f"k:{subject}:{number}",
        data={"n": number},
        at=timezone.now(),
    )


def state_of(delivery: WebhookDelivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_signature_is_what_the_document_says() -> None:
    told = signature("whsec_test", timestamp="1700000000", body=b'{"id":"1"}')

    assert told == "v1=11bf4466ea17c3df3fd743af0b435368e16b7a05eb8eced85e8c4670767bdec5"
    assert is_signed("whsec_test", timestamp="1700000000", body=b'{"id":"1"}', told=told)
    assert not is_signed("whsec_test", timestamp="1700000001", body=b'{"id":"1"}', told=told)
    assert not is_signed("whsec_test", timestamp="1700000000", body=b'{"id":"2"}', told=told)
    assert not is_signed("other", timestamp="1700000000", body=b'{"id":"1"}', told=told)


def test_order_is_told_when_it_is_sent_and_confirmed(endpoint: WebhookEndpoint, told: Receiver) -> None:
    world = make_world()
    order = make_sent_order(world)
    order_confirm(order_id=order.pk, actor=None, at=timezone.now())

    work_off(rounds=2)

    mine = [body for body in told.taken.values() if body["subject"] == order.reference]
    assert [body["event"] for body in mine] == ["order.submitted", "order.confirmed"]
    assert mine[0]["data"]["number"] == order.label
    assert mine[0]["data"]["total"] == str(order.total)
    assert mine[0]["version"] == 1
    assert told.unsigned == 0


def test_nothing_outside_means_no_job(told: Receiver) -> None:
    world = make_world()
    order = make_sent_order(world)
    order_confirm(order_id=order.pk, actor=None, at=timezone.now())

    names = set(Job.objects.values_list("handler", flat=True))

    assert not {name for name in names if "tell_order" in name or "webhook" in name or "crm" in name}


@pytest.mark.parametrize(
    ("faults", "state", "attempts"),
    [
        (["200"], DeliveryState.DELIVERED, 1),
        (["202"], DeliveryState.DELIVERED, 1),
        (["500", "503", "200"], DeliveryState.DELIVERED, 3),
        (["429", "200"], DeliveryState.DELIVERED, 2),
        (["cut", "200"], DeliveryState.DELIVERED, 2),
        (["lost", "200"], DeliveryState.DELIVERED, 2),
        (["slow", "200"], DeliveryState.DELIVERED, 2),
        (["302", "200"], DeliveryState.DELIVERED, 2),
        (["401", "200"], DeliveryState.DELIVERED, 2),
        (["400"], DeliveryState.FAILED, 1),
    ],
)
def test_message_is_sent_until_it_is_taken(
    endpoint: WebhookEndpoint,
    told: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    faults: list[str],
    state: str,
    attempts: int,
) -> None:
    monkeypatch.setattr(webhooks, "_SECONDS", 0.6)
    told.faults.queue.extend(faults)
    emit(1)

    work_off(rounds=4)

    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == (state, attempts)
    assert len(told.arrivals) == attempts
    assert len(set(told.arrivals)) == 1
    assert len(told.taken) == (state == DeliveryState.DELIVERED)


def test_retry_after_is_kept(endpoint: WebhookEndpoint, told: Receiver) -> None:
    told.faults.queue.append("429")
    told.retry_after = "900"
    emit(1)
    began = timezone.now()

    work_off(hurried=False)

    delivery = WebhookDelivery.objects.get()
    assert delivery.last_status == 429
    assert delivery.next_at is not None
    assert timedelta(seconds=900) <= delivery.next_at - began <= timedelta(seconds=960)
    (waiting,) = Job.objects.filter(state="queued", handler__contains="send_delivery")
    assert waiting.due_at - began >= timedelta(seconds=890)


def test_messages_of_one_subject_keep_their_order_and_others_do_not_wait(
    endpoint: WebhookEndpoint, told: Receiver
) -> None:
    told.faults.queue.append("500")
    emit(1)
    emit(2)
    emit(3, subject="order:2")

    work_off(hurried=False)
    assert [body["data"]["n"] for body in told.taken.values()] == [3]

    work_off(rounds=2)
    assert [body["data"]["n"] for body in told.taken.values()] == [3, 1, 2]
    assert [body["sequence"] for body in told.taken.values()] == [3, 1, 2]


def test_message_dies_after_a_day_and_lets_the_next_one_go(endpoint: WebhookEndpoint, told: Receiver) -> None:
    emit(1)
    emit(2)
    first = WebhookDelivery.objects.earliest("sequence")
    WebhookDelivery.objects.filter(pk=first.pk).update(
        first_at=timezone.now() - timedelta(days=1), attempts=30
    )
    told.faults.queue.append("500")

    work_off(rounds=2)

    assert state_of(first) == DeliveryState.DEAD
    assert [body["data"]["n"] for body in told.taken.values()] == [2]


def test_message_that_waited_behind_a_dead_one_has_a_day_of_its_own(
    endpoint: WebhookEndpoint, told: Receiver
) -> None:
    emit(1)
    emit(2)
    first, second = WebhookDelivery.objects.order_by("sequence")
    WebhookDelivery.objects.update(first_at=timezone.now() - timedelta(days=1))
    WebhookDelivery.objects.filter(pk=first.pk).update(attempts=30)
    told.faults.queue += ["500", "500"]

    work_off()
    assert (state_of(first), state_of(second)) == (DeliveryState.DEAD, DeliveryState.WAITING)
    assert second.attempts == 1

    work_off()
    assert state_of(second) == DeliveryState.DELIVERED


def test_administrators_hear_once_a_day_of_messages_that_die(
    endpoint: WebhookEndpoint, told: Receiver
) -> None:
    administrator = make_world().administrator
    for number in range(2):
        emit(number, subject=f"order:{number}")
    WebhookDelivery.objects.update(first_at=timezone.now() - timedelta(days=1), attempts=30)
    told.faults.queue += ["500", "500"]

    work_off()

    assert WebhookDelivery.objects.filter(state=DeliveryState.DEAD).count() == 2
    notice = Notice.objects.get(kind=NoticeKind.OUTSIDE_STOPPED)
    assert notice.user_id == administrator.pk
    assert notice.title == "Получатель вебхуков «Склад» не принял сообщение"
    first = WebhookDelivery.objects.earliest("sequence")
    assert notice.address == reverse("admin:integrations_webhookdelivery_change", args=[first.pk])


def test_same_event_is_written_once(endpoint: WebhookEndpoint, told: Receiver) -> None:
    emit(1)
    emit(1)

    assert WebhookDelivery.objects.count() == 1


def test_journal_tells_in_one_column_when_a_message_went_or_will_go(
    endpoint: WebhookEndpoint, admin_client: Client
) -> None:
    for number in range(3):
        emit(number, subject=f"order:{number}")
    went, goes, dead = WebhookDelivery.objects.order_by("sequence")
    moment = datetime(2026, 11, 23, 10, 41, tzinfo=MOSCOW)
    changes: dict[int, dict[str, Any]] = {
        went.pk: {
            "state": "delivered",
            "next_at": None,
            "sent_at": moment,
            "attempts": 1,
            "last_status": 200,
        },
        goes.pk: {"next_at": moment + timedelta(hours=1), "attempts": 2, "last_status": 503},
        dead.pk: {"state": "dead", "next_at": None, "attempts": 12},
    }
    for pk, facts in changes.items():
        WebhookDelivery.objects.filter(pk=pk).update(**facts)

    page = admin_client.get(reverse("admin:integrations_webhookdelivery_changelist")).content.decode()

    assert re.findall(r'field-tries">([^<]*)<', page) == ["12", "2, 503", "1, 200"]
    moments = re.findall(r'field-moment[^"]*">([^<]*)<', page)
    assert moments == ["-", "23.11.2026 11:41", "23.11.2026 10:41"]


def test_receiver_in_trouble_is_paused_and_nothing_of_it_is_lost(
    endpoint: WebhookEndpoint, told: Receiver
) -> None:
    administrator = make_world().administrator
    WebhookEndpoint.objects.update(failures=19)
    emit(1)
    WebhookDelivery.objects.update(first_at=timezone.now() - timedelta(hours=2))
    told.faults.queue.append("500")

    work_off(rounds=2)
    emit(2)
    work_off(rounds=2)

    endpoint.refresh_from_db()
    assert endpoint.paused_at is not None
    assert "500" in endpoint.paused_reason
    notice = Notice.objects.get(kind=NoticeKind.OUTSIDE_STOPPED)
    assert (notice.user_id, notice.title) == (
        administrator.pk,
        "Получатель вебхуков «Склад» приостановлен",
    )
    assert "500" in notice.text
    assert told.taken == {}
    endpoint_resume(endpoint_id=endpoint.pk, at=timezone.now())
    work_off(rounds=2)
    assert [body["data"]["n"] for body in told.taken.values()] == [1, 2]


def test_delivered_message_sent_again_has_its_old_number(endpoint: WebhookEndpoint, told: Receiver) -> None:
    emit(1)
    work_off()
    delivery = WebhookDelivery.objects.get()

    deliveries_resend(delivery_ids=[delivery.pk], at=timezone.now())
    work_off()
    count = deliveries_replay(
        endpoint_id=endpoint.pk,
        since=timezone.now() - timedelta(hours=1),
        until=timezone.now() + timedelta(hours=1),
        at=timezone.now(),
    )
    work_off()

    assert count == 1
    assert len(told.arrivals) == 3
    assert len(set(told.arrivals)) == 1
    assert state_of(delivery) == DeliveryState.DELIVERED


def test_two_jobs_of_one_message_send_it_once(endpoint: WebhookEndpoint, told: Receiver) -> None:
    emit(1)
    delivery = WebhookDelivery.objects.get()
    deliveries_resend(delivery_ids=[delivery.pk], at=timezone.now())

    work_off(hurried=False)

    assert len(told.arrivals) == 1


def test_message_whose_worker_was_killed_is_sent_by_the_schedule(
    endpoint: WebhookEndpoint, told: Receiver
) -> None:
    emit(1)
    Job.objects.all().delete()
    hurry()
    WebhookDelivery.objects.update(next_at=timezone.now() - timedelta(minutes=5))

    assert webhooks_wake(at=timezone.now()) == 1
    work_off()

    assert len(told.taken) == 1


def test_test_message_goes_whatever_is_chosen(told: Receiver) -> None:
    made, told.secret = endpoint_make(name="Пусто", url=told.url, events=[], at=timezone.now())
    emit(1)
    endpoint_test(endpoint_id=made.pk, at=timezone.now())

    work_off()

    assert [body["event"] for body in told.taken.values()] == ["test"]


def test_answer_is_kept_up_to_two_kilobytes(
    endpoint: WebhookEndpoint, told: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_ANSWER_LENGTH", 1)
    emit(1)
    work_off()

    assert WebhookDelivery.objects.get().last_answer == "o"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/",
        "https://user:secret@example.com/",
        "https:///nothing",
        "https://exa mple.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        address_check(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[2002:7f00:1::]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[::10.0.0.1]/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://2130706433/",
    ],
)
def test_address_inside_the_network_is_not_asked(url: str, settings: Settings) -> None:
    settings.OUTWARD_PRIVATE_NETWORKS = []

    with pytest.raises(AddressRefused):
        ask("GET", url, longest=10, seconds=1)


def test_silent_server_of_names_takes_no_longer_than_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()

    def silent(*_args: object, **_kwargs: object) -> None:
        over.wait(10)
        raise OSError

    monkeypatch.setattr(outward, "getaddrinfo", silent)
    began = monotonic()

    with pytest.raises(Unreachable, match="Timeout"):
        ask("GET", "https://example.com/", longest=10, seconds=0.2)

    assert monotonic() - began < 5
    over.set()


def test_plain_http_reaches_loopback_only_and_only_where_tests_say_so(
    told: Receiver, settings: Settings
) -> None:
    with pytest.raises(AddressRefused):
        ask("GET", "http://8.8.8.8/", longest=10, seconds=1)
    settings.OUTWARD_HTTP_TO_LOOPBACK = False
    with pytest.raises(AddressRefused):
        ask("GET", told.url, longest=10, seconds=1)


def test_two_hundred_messages_under_faults_all_come_and_none_twice(
    endpoint: WebhookEndpoint, told: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_SECONDS", 2.0)
    told.slow_seconds = 0.05
    told.faults.kinds, told.faults.share = ("500", "503", "429", "408", "cut", "lost", "202", "slow"), 0.3
    for number in range(200):
        emit(number, subject=f"order:{number % 20}")

    for _round in range(15):
        work_off()

    bodies: list[Any] = list(told.taken.values())
    assert sorted(body["data"]["n"] for body in bodies) == list(range(200))
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    for subject in range(20):
        order = [body["sequence"] for body in bodies if body["subject"] == f"order:{subject}"]
        assert order == sorted(order)
