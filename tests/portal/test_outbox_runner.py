"""Running a job: claimed once, done together with its effects, given up after five attempts."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier

import pghistory
import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from portal.lib.trace import Trace, current_trace, traced
from portal.outbox import JobContext, LeaseLost, enqueue
from portal.outbox.models import Job
from portal.outbox.registry import handler_name
from portal.outbox.runner import run
from portal.outbox.services import job_claim, job_renew
from tests.portal import outbox_samples as shop
from tests.portal.outbox_samples import Count, count_crates, elsewhere, expire, look_around, opened


@pytest.fixture(autouse=True)
def quiet_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No broker, no memory of other tests."""
    monkeypatch.setattr("portal.outbox.sending.send", len)
    shop.calls.clear()
    shop.during.clear()
    yield
    shop.during.clear()


def effects() -> list[str]:
    return list(Job.objects.filter(key__startswith="effect:").order_by("key").values_list("key", flat=True))


@pytest.mark.django_db
def test_job_is_done_together_with_its_effect() -> None:
    job = opened(crate_id=3)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_until, job.last_error) == ("done", 1, None, "")
    assert job.started_at is not None
    assert job.finished_at is not None
    assert effects() == ["effect:3:1"]


@pytest.mark.django_db
def test_job_that_is_done_is_not_run_again() -> None:
    job = opened(crate_id=3)
    run(job.pk)

    run(job.pk)

    job.refresh_from_db()
    assert job.attempts == 1
    assert effects() == ["effect:3:1"]


@pytest.mark.django_db
def test_job_that_is_not_there_is_passed_over() -> None:
    run(123456789)

    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_job_that_is_not_due_waits() -> None:
    pk = enqueue(look_around, Count(crates=1), key="later", delay=timedelta(minutes=1))

    run(pk)

    assert Job.objects.get(pk=pk).state == "queued"
    assert shop.calls == []


@pytest.mark.django_db
def test_job_in_other_hands_is_left_alone() -> None:
    job = opened()
    job_claim(job.pk)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert effects() == []


@pytest.mark.django_db
def test_job_of_a_silent_worker_is_taken_over() -> None:
    job = opened()
    job_claim(job.pk)
    expire(job.pk)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert effects() == ["effect:1:2"]


@pytest.mark.django_db
def test_job_that_lost_five_workers_is_not_taken_again() -> None:
    job = opened()
    Job.objects.filter(pk=job.pk).update(attempts=4)
    job_claim(job.pk)
    expire(job.pk)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 5)
    assert effects() == []


@pytest.mark.django_db
def test_failure_leaves_no_effect_and_says_why() -> None:
    job = opened()
    shop.during.append(shop.stumble)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_until) == ("queued", 1, None)
    assert job.last_error.partition("\n")[0] == "OSError: лента кончилась"
    assert effects() == []


@pytest.mark.django_db
def test_failures_wait_longer_each_time_and_the_fifth_is_the_last() -> None:
    job = opened()
    shop.during.append(shop.stumble)
    pauses = []

    for _attempt in range(5):
        Job.objects.filter(pk=job.pk, state="queued").update(due_at=Now())
        run(job.pk)
        job.refresh_from_db()
        pauses.append(round((job.due_at - timezone.now()).total_seconds()) if job.state == "queued" else None)

    assert pauses == [10, 60, 300, 900, None]
    assert (job.state, job.attempts) == ("dead", 5)
    assert job.finished_at is not None


@pytest.mark.django_db
def test_dead_job_raises_the_alarm(caplog: pytest.LogCaptureFixture) -> None:
    job = opened()
    Job.objects.filter(pk=job.pk).update(attempts=4)
    shop.during.append(shop.stumble)

    run(job.pk)

    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.django_db
def test_refusal_is_final_at_once() -> None:
    job = opened()
    shop.during.append(shop.refuse)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("dead", 1, "Ящика нет и не будет")
    assert effects() == []


@pytest.mark.django_db
def test_job_of_an_unknown_handler_waits_for_a_newer_program() -> None:
    pk = enqueue(look_around, Count(crates=1), key="x")
    Job.objects.filter(pk=pk).update(handler="orders.handlers.of_tomorrow")

    run(pk)

    job = Job.objects.get(pk=pk)
    assert (job.state, job.last_error.partition("\n")[0]) == (
        "queued",
        "UnknownHandler: orders.handlers.of_tomorrow",
    )


@pytest.mark.django_db
def test_job_with_an_unreadable_payload_fails() -> None:
    job = opened()
    Job.objects.filter(pk=job.pk).update(payload={"crate": 1})

    run(job.pk)

    job.refresh_from_db()
    assert job.state == "queued"
    assert job.last_error.startswith("PayloadMismatch: CrateOpened")


@pytest.mark.django_db
def test_long_handler_is_done_when_it_returns() -> None:
    pk = enqueue(look_around, Count(crates=8), key="x")

    run(pk)

    assert Job.objects.get(pk=pk).state == "done"
    assert shop.calls == [("look", 8)]


@pytest.mark.django_db
def test_long_handler_commits_its_last_block_with_done() -> None:
    pk = enqueue(count_crates, Count(crates=8), key="x")

    run(pk)

    assert Job.objects.get(pk=pk).state == "done"
    assert Job.objects.filter(payload={"crate_id": 8}).count() == 2


@pytest.mark.django_db(transaction=True)
def test_transaction_of_a_lost_job_is_rolled_back() -> None:
    """Another worker took the job while this one slept: nothing of this one may remain."""
    job = opened()

    def taken_over(running: JobContext) -> None:
        expire(running.id)
        assert job_claim(running.id) is not None

    shop.during.append(lambda running: elsewhere(lambda: taken_over(running)))

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("running", 2, "")
    assert effects() == []


@pytest.mark.django_db(transaction=True)
def test_last_block_of_a_lost_job_is_rolled_back() -> None:
    pk = shop.enqueue_now(crates=8)

    def taken_over(running: JobContext) -> None:
        expire(running.id)
        assert job_claim(running.id) is not None

    shop.during.append(taken_over)

    run(pk)

    job = Job.objects.get(pk=pk)
    assert (job.state, job.attempts) == ("running", 2)
    assert Job.objects.filter(payload={"crate_id": 8}).count() == 0


@pytest.mark.django_db(transaction=True)
def test_failure_of_a_lost_job_does_not_touch_its_successor() -> None:
    job = opened()

    def taken_over(running: JobContext) -> None:
        expire(running.id)
        job_claim(running.id)

    shop.during.extend([lambda running: elsewhere(lambda: taken_over(running)), shop.stumble])

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("running", 2, "")


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_workers_gets_the_job() -> None:
    jobs = [opened(crate_id=number) for number in range(20)]
    start = Barrier(6)

    def claim() -> list[int]:
        connection.ensure_connection()  # else the opening of connections sets the threads apart
        got = []
        for job in jobs:
            start.wait(timeout=10)
            if job_claim(job.pk) is not None:
                got.append(job.pk)
        return got

    got = [pk for claimed in shop.side_by_side([claim] * 6) for pk in claimed]

    assert sorted(got) == [job.pk for job in jobs]
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db
def test_renewal_is_for_the_same_attempt_only() -> None:
    job = opened()
    job_claim(job.pk)
    expire(job.pk)
    job_claim(job.pk)

    assert job_renew(pk=job.pk, attempts=1) is False
    assert job_renew(pk=job.pk, attempts=2) is True


@pytest.mark.django_db(transaction=True)
def test_heartbeat_keeps_the_lease_and_shows_progress(settings: Settings) -> None:
    settings.OUTBOX_LEASE_SECONDS = 1
    pk = shop.enqueue_now(crates=8)
    seen: list[tuple[str | None, bool]] = []

    def slow(running: JobContext) -> None:
        running.progress("Половина")
        shop.wait_until(lambda: Job.objects.get(pk=pk).progress == "Половина")
        shop.pause(1.5)
        job = Job.objects.get(pk=pk)
        seen.append((job.progress, job.lease_until is not None and job.lease_until > timezone.now()))
        running.progress("Всё")

    shop.during.append(slow)

    run(pk)

    job = Job.objects.get(pk=pk)
    assert seen == [("Половина", True)]
    assert (job.state, job.attempts, job.progress) == ("done", 1, "Всё")


@pytest.mark.django_db(transaction=True)
def test_heartbeat_tells_the_handler_of_the_loss(settings: Settings) -> None:
    settings.OUTBOX_LEASE_SECONDS = 1
    pk = shop.enqueue_now(crates=8)
    told: list[bool] = []

    def slow(running: JobContext) -> None:
        expire(running.id)
        assert job_claim(running.id) is not None
        with pytest.raises(LeaseLost):
            shop.wait_until(lambda: running.heartbeat() is not None)
        told.append(True)

    shop.during.append(slow)

    run(pk)

    assert told == [True]
    assert Job.objects.get(pk=pk).state == "running"


@pytest.mark.django_db
def test_job_works_on_behalf_of_who_asked_for_it() -> None:
    with traced(Trace(request_id="r-1", user_id=41, impersonator_id=7)):
        job = opened()
    seen: list[tuple[Trace, dict[str, object]]] = []

    def look(running: JobContext) -> None:
        with pghistory.context() as context:
            seen.append((current_trace(), dict(context.metadata)))

    shop.during.append(look)

    run(job.pk)

    name = f"{handler_name(shop.unpack)}#{job.pk}"
    assert seen == [
        (
            Trace(request_id="r-1", user_id=41, impersonator_id=7, job=name),
            {"user": 41, "impersonator": 7, "request_id": "r-1", "job": name},
        )
    ]
    assert Job.objects.get(key="effect:1:1").user_id == 41
