"""Publishing: jobs exist exactly if the transaction was committed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from portal.lib.trace import Trace, traced
from portal.outbox import Period, enqueue, publish, sending
from portal.outbox.models import Job
from portal.outbox.publishing import enqueue_period, period_start
from portal.outbox.registry import handler_name
from tests.portal.outbox_samples import (
    Count,
    CrateArrived,
    CrateOpened,
    NobodyCares,
    close_the_books,
    count_crates,
    look_around,
    print_label,
    tell_buyer,
    unpack,
)

Sent = list[tuple[int, str]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Collect what would be sent to the workers."""
    collected: Sent = []
    monkeypatch.setattr(sending, "send", collected.extend)
    return collected


@pytest.fixture
def committing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> DjangoCaptureOnCommitCallbacks:
    return django_capture_on_commit_callbacks


@pytest.fixture
def queries(django_assert_num_queries: DjangoAssertNumQueries) -> DjangoAssertNumQueries:
    return django_assert_num_queries


@pytest.mark.django_db(transaction=True)
def test_publish_outside_of_a_transaction_is_refused(sent: Sent) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        publish(CrateArrived(crate_id=1))

    assert Job.objects.count() == 0
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_publish_in_a_transaction_that_fails_leaves_nothing(sent: Sent) -> None:
    @transaction.atomic
    def fail() -> None:
        publish(CrateArrived(crate_id=1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert Job.objects.count() == 0
    assert sent == []


@pytest.mark.django_db
def test_publish_writes_one_job_for_each_handler(
    sent: Sent, committing: DjangoCaptureOnCommitCallbacks
) -> None:
    with committing(execute=True):
        publish(CrateArrived(crate_id=17))

    jobs = Job.objects.order_by("handler").values_list("handler", "queue", "payload", "state", "attempts")
    assert list(jobs) == [
        (handler_name(print_label), "documents", {"crate_id": 17}, "queued", 0),
        (handler_name(tell_buyer), "mail", {"crate_id": 17}, "queued", 0),
    ]
    assert sorted(sent) == sorted(Job.objects.values_list("pk", "queue"))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_publish_takes_one_statement_however_many_events(
    sent: Sent, queries: DjangoAssertNumQueries, count: int
) -> None:
    with queries(1):
        publish(*(CrateArrived(crate_id=number) for number in range(count)))

    assert Job.objects.count() == 2 * count


@pytest.mark.django_db
def test_publish_without_handlers_costs_nothing(sent: Sent, queries: DjangoAssertNumQueries) -> None:
    with queries(0):
        publish(NobodyCares(crate_id=1))


@pytest.mark.django_db
def test_publish_of_the_same_key_is_passed_over(
    sent: Sent, committing: DjangoCaptureOnCommitCallbacks
) -> None:
    with committing(execute=True):
        publish(CrateOpened(crate_id=5))
    first = list(sent)

    with committing(execute=True):
        publish(CrateOpened(crate_id=5), CrateOpened(crate_id=6))

    keys = Job.objects.order_by("pk").values_list("handler", "key")
    assert list(keys) == [(handler_name(unpack), "crate:5"), (handler_name(unpack), "crate:6")]
    assert len(first) == 1
    assert len(sent) == 2


@pytest.mark.django_db
def test_job_remembers_who_asked_for_it(sent: Sent) -> None:
    with traced(Trace(request_id="r-1", user_id=41, impersonator_id=7)):
        publish(CrateOpened(crate_id=1))

    job = Job.objects.get()
    assert (job.request_id, job.user_id, job.impersonator_id) == ("r-1", 41, 7)


@pytest.mark.django_db
def test_enqueue_again_returns_the_same_job(sent: Sent) -> None:
    first = enqueue(count_crates, Count(crates=2), key="monday")

    again = enqueue(count_crates, Count(crates=3), key="monday")

    assert again == first
    assert Job.objects.get().payload == {"crates": 2}


@pytest.mark.django_db
def test_same_key_of_another_handler_is_another_job(sent: Sent) -> None:
    first = enqueue(count_crates, Count(crates=2), key="monday")

    other = enqueue(look_around, Count(crates=2), key="monday")

    assert other != first


@pytest.mark.django_db
def test_enqueue_of_a_foreign_payload_is_refused(sent: Sent) -> None:
    with pytest.raises(TypeError):
        enqueue(count_crates, CrateArrived(crate_id=1), key="monday")

    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_enqueue_for_later_is_left_to_the_sweeper(
    sent: Sent, committing: DjangoCaptureOnCommitCallbacks
) -> None:
    with committing(execute=True):
        enqueue(count_crates, Count(crates=2), key="later", delay=timedelta(hours=1))

    wait = Job.objects.get().due_at - timezone.now()
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    assert sent == []


@pytest.mark.django_db
def test_schedule_makes_one_job_a_day_by_the_clock_of_moscow(sent: Sent) -> None:
    name = handler_name(close_the_books)
    late_on_the_20th = datetime(2026, 11, 20, 20, 59, tzinfo=UTC)
    early_on_the_21st = datetime(2026, 11, 20, 21, 1, tzinfo=UTC)

    for at in (late_on_the_20th, early_on_the_21st, early_on_the_21st):
        enqueue_period(handler=name, period=Period.DAY, at=at)

    jobs = Job.objects.order_by("pk").values_list("key", "payload")
    assert list(jobs) == [
        ("day:2026-11-20T00:00", {"start": "2026-11-20T00:00:00+03:00"}),
        ("day:2026-11-21T00:00", {"start": "2026-11-21T00:00:00+03:00"}),
    ]


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (Period.MINUTE, "2026-11-20T23:59:00+03:00"),
        (Period.HOUR, "2026-11-20T23:00:00+03:00"),
        (Period.DAY, "2026-11-20T00:00:00+03:00"),
        (Period.MONTH, "2026-11-01T00:00:00+03:00"),
    ],
)
def test_period_starts_by_the_clock_of_moscow(period: Period, start: str) -> None:
    at = datetime(2026, 11, 20, 20, 59, 30, 5, tzinfo=UTC)

    assert period_start(at, period).isoformat() == start
