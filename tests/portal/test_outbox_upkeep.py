"""Sweeping, purging, running again, and the figures that tell how the queues stand."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from portal.outbox import enqueue
from portal.outbox.models import Job
from portal.outbox.selectors import JobStatus, QueueRow, job_status, queue_lag, queue_rows
from portal.outbox.services import job_claim, jobs_purge, jobs_rerun, jobs_sweep
from portal.outbox.states import SWEEP_LIMIT, JobState
from tests.portal.outbox_samples import Count, count_crates, elsewhere, enqueue_now, expire, look_around

Sent = list[tuple[int, str]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Collect what is sent to the workers; the broker is well."""
    collected: Sent = []

    def send(jobs: Sent) -> int:
        collected.extend(jobs)
        return len(jobs)

    monkeypatch.setattr("portal.outbox.sending.send", send)
    return collected


def queued(key: str, *, since: timedelta = timedelta(minutes=1)) -> int:
    """A job that has been due for a while and that nobody heard of."""
    pk = enqueue(look_around, Count(crates=1), key=key)
    Job.objects.filter(pk=pk).update(due_at=Now() - since)
    return pk


@pytest.mark.django_db
def test_sweep_sends_what_is_due_and_unnoticed(sent: Sent) -> None:
    unnoticed = queued("a")
    lapsed = queued("b")
    job_claim(lapsed)
    expire(lapsed)
    job_claim(queued("in work"))
    queued("just written", since=timedelta())
    enqueue(look_around, Count(crates=1), key="later", delay=timedelta(minutes=1))

    count = jobs_sweep()

    assert count == 2
    assert sorted(sent) == sorted([(unnoticed, "default"), (lapsed, "default")])


@pytest.mark.django_db
def test_sweep_does_not_repeat_itself_within_a_minute(sent: Sent) -> None:
    pk = queued("a")
    jobs_sweep()

    assert jobs_sweep() == 0

    Job.objects.filter(pk=pk).update(sent_at=F("sent_at") - timedelta(seconds=61))
    assert jobs_sweep() == 1


@pytest.mark.django_db
def test_sweep_with_a_broken_broker_tries_again_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = queued("a", since=timedelta(minutes=2)), queued("b")
    monkeypatch.setattr("portal.outbox.sending.send", lambda jobs: 1)

    assert jobs_sweep() == 1

    unsent = Job.objects.filter(sent_at=None).values_list("pk", flat=True)
    assert (first, list(unsent)) == (first, [second])


@pytest.mark.django_db
def test_sweep_takes_the_oldest_and_not_too_many(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.outbox.services.SWEEP_LIMIT", 2)
    young, old, middle = (
        queued(key, since=timedelta(minutes=n)) for key, n in (("a", 1), ("b", 3), ("c", 2))
    )

    jobs_sweep()

    assert sent == [(old, "default"), (middle, "default")]
    assert Job.objects.get(pk=young).sent_at is None
    assert SWEEP_LIMIT == 200


@pytest.mark.django_db
def test_sweep_gives_up_a_job_that_kills_its_workers(sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    pk = queued("a")
    Job.objects.filter(pk=pk).update(attempts=4)
    job_claim(pk)
    expire(pk)

    jobs_sweep()

    job = Job.objects.get(pk=pk)
    assert (job.state, job.last_error) == ("dead", "Исполнитель пропал 5 раз подряд.")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_sweepers_side_by_side_do_not_wait_for_each_other(sent: Sent) -> None:
    held, free = enqueue_now(crates=1), enqueue_now(crates=2)
    Job.objects.update(due_at=Now() - timedelta(minutes=1))

    with transaction.atomic():
        Job.objects.select_for_update().get(pk=held)
        count = elsewhere(jobs_sweep)

    assert count == 1
    assert sent == [(held, "exchange"), (free, "exchange"), (free, "exchange")]


@pytest.mark.django_db
def test_purge_deletes_only_what_was_done_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.outbox.services._PURGE_CHUNK", 1)
    long_ago = Now() - timedelta(days=31)
    for key, state, finished in (
        ("old 1", JobState.DONE, long_ago),
        ("old 2", JobState.DONE, long_ago),
        ("new", JobState.DONE, Now() - timedelta(days=29)),
        ("dead", JobState.DEAD, long_ago),
    ):
        Job.objects.filter(pk=queued(key)).update(state=state, finished_at=finished)
    queued("waiting")

    assert jobs_purge() == 2

    assert set(Job.objects.values_list("key", flat=True)) == {"new", "dead", "waiting"}


@pytest.mark.django_db
def test_rerun_gives_dead_jobs_five_new_attempts(sent: Sent) -> None:
    dead, waiting = queued("a"), queued("b")
    Job.objects.filter(pk=dead).update(
        state=JobState.DEAD, attempts=5, finished_at=Now(), last_error="почему"
    )
    before = Job.objects.filter(pk=waiting).values().get()

    count = jobs_rerun([dead, waiting])

    job = Job.objects.get(pk=dead)
    assert count == 1
    assert (job.state, job.attempts, job.finished_at, job.last_error) == ("queued", 0, None, "почему")
    assert job_claim(dead) is not None
    assert Job.objects.filter(pk=waiting).values().get() == before


@pytest.mark.django_db
def test_queue_rows_tell_each_queue() -> None:
    queued("a", since=timedelta(minutes=5))
    queued("b")
    job_claim(queued("in work"))
    Job.objects.filter(pk=queued("done")).update(state=JobState.DONE, finished_at=Now())
    dead = enqueue(count_crates, Count(crates=1), key="dead")
    Job.objects.filter(pk=dead).update(state=JobState.DEAD, finished_at=Now())
    enqueue(look_around, Count(crates=1), key="later", delay=timedelta(minutes=1))

    rows = [(row.queue, row.waiting, row.running, row.dead) for row in queue_rows()]

    assert rows == [("default", 2, 1, 0), ("exchange", 0, 0, 1)]
    assert queue_rows()[0].oldest >= timedelta(minutes=5)
    assert queue_rows()[1] == QueueRow(queue="exchange", waiting=0, running=0, dead=1, oldest=timedelta())


@pytest.mark.django_db
def test_queue_lag_is_the_longest_wait_in_seconds() -> None:
    assert queue_lag() == 0.0

    queued("a", since=timedelta(seconds=90))

    assert round(queue_lag(), -1) == 90


@pytest.mark.django_db
def test_job_status_shows_state_progress_and_reason() -> None:
    pk = queued("a")
    Job.objects.filter(pk=pk).update(progress="Половина", last_error="OSError: лента кончилась\n\nTraceback")

    assert job_status(pk) == JobStatus(
        state=JobState.QUEUED, progress="Половина", error="OSError: лента кончилась"
    )
