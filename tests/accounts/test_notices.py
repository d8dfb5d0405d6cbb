"""Telling people: once a person, thing and day; letters after quiet hours; the inbox and the bell."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice, NoticeSetting, QuietHours, User
from accounts.notices import NoticeFacts, NoticeKind
from accounts.permissions import Permission
from accounts.selectors.notices import notice_settings
from accounts.services.notices import (
    NoticeLetter,
    letter_send,
    notice_mail,
    notice_read,
    notice_send,
    notice_settings_save,
    notices_read,
    notices_send,
    quiet_for,
)
from counterparties.permissions import ReadyRole
from counterparties.selectors.reaching import people_reaching
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from portal.outbox.payload import decode
from tests.factories import AT, TODAY, World, make_legal_entity, make_person, make_user, make_world

pytestmark = pytest.mark.django_db


def told(*people: User, **changes: Any) -> int:
    facts: dict[str, Any] = {
        "user_ids": [person.pk for person in people],
        "kind": NoticeKind.OVERDUE,
        "reference": "ledger:17",
        "day": TODAY,
        "title": "Просрочен УТ-17",
        "text": "1 день",
        "address": "/settlements/",
        "at": AT,
    }
    return notice_send(**(facts | changes))


def send(job: Job) -> int:
    return letter_send(letter=decode(NoticeLetter, job.payload), key=job.key)


def test_notice_is_told_once_a_person_thing_and_day() -> None:
    one, other = make_user(), make_user()

    assert (told(one, other), told(one, other), told(one, day=TODAY + timedelta(days=1))) == (2, 0, 1)
    assert told(one, reference="ledger:18") == 1

    assert Notice.objects.filter(user=one).count() == 3
    assert Notice.objects.filter(user=other).count() == 1


def test_who_has_left_is_told_nothing() -> None:
    person = make_user()
    person.is_active = False
    person.save(update_fields=["is_active"])

    assert told(person) == 0
    assert Notice.objects.count() == Job.objects.count() == 0


@pytest.mark.parametrize("things", [1, 3])
def test_many_things_are_one_letter_and_the_same_queries(things: int, django_assert_num_queries: Any) -> None:
    person = make_user()
    facts = [
        NoticeFacts((person.pk,), NoticeKind.OVERDUE, f"ledger:{number}", f"Просрочен {number}")
        for number in range(things)
    ]

    with django_assert_num_queries(5):  # savepoint and its end, insert, clocks, job
        assert notices_send(notices=facts, day=TODAY, at=AT) == things

    (job,) = Job.objects.all()
    assert len(job.payload["notice_ids"]) == things


def test_kind_that_is_not_mailed_is_only_in_the_inbox() -> None:
    person = make_user()

    told(person, kind=NoticeKind.DEBT_APPEARED)

    assert (Notice.objects.count(), Job.objects.count()) == (1, 0)


def test_own_choice_is_above_the_rule_of_the_kind() -> None:
    one, other = make_user(), make_user()
    notice_settings_save(user_id=one.pk, mailed={NoticeKind.DEBT_APPEARED}, quiet_hours=None)

    told(one, other)
    told(one, other, kind=NoticeKind.DEBT_APPEARED)

    letters = [(job.payload["user_id"], len(job.payload["notice_ids"])) for job in Job.objects.order_by("pk")]
    assert letters == [(other.pk, 1), (one.pk, 1)]
    assert {row.kind for row in notice_settings(user_id=one.pk)[0] if row.is_mailed} == {
        NoticeKind.DEBT_APPEARED
    }


@pytest.mark.parametrize(
    ("start", "end", "now", "minutes"),
    [
        ("22:00", "08:00", "21:59", 0),
        ("22:00", "08:00", "22:00", 600),
        ("22:00", "08:00", "07:30", 30),
        ("22:00", "08:00", "08:00", 0),
        ("13:00", "14:00", "13:15", 45),
        ("13:00", "14:00", "14:00", 0),
        ("13:00", "14:00", "12:59", 0),
    ],
)
def test_quiet_hours_end_by_the_clock_of_moscow(start: str, end: str, now: str, minutes: int) -> None:
    moment = datetime.combine(date(2026, 11, 23), time.fromisoformat(now), tzinfo=MOSCOW)

    waits = quiet_for(time.fromisoformat(start), time.fromisoformat(end), moment)

    assert waits == timedelta(minutes=minutes)


def test_letter_waits_for_the_end_of_quiet_hours() -> None:
    person = make_user()
    notice_settings_save(user_id=person.pk, mailed=set(NoticeKind), quiet_hours=(time(9), time(12, 41)))

    told(person)  # at 10:41

    job = Job.objects.get()
    assert timedelta(minutes=119) < job.due_at - job.created_at <= timedelta(minutes=120)
    assert Notice.objects.count() == 1


def test_letter_tells_all_that_is_new_in_text_and_html() -> None:
    person = make_user()
    told(person)
    notice = Notice.objects.get()

    send(Job.objects.get())

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([person.email], "Просрочен УТ-17")
    for body in (letter.body, letter.alternatives[0][0]):
        assert notice.text in body
        assert "/settlements/" in body
        assert reverse("accounts:notice_settings") in body


def test_what_has_been_read_meanwhile_is_not_mailed() -> None:
    person = make_user()
    told(person)
    notices_read(user_id=person.pk, at=AT)

    send(Job.objects.get())

    assert mail.outbox == []


def test_foreign_notice_cannot_be_read() -> None:
    person, stranger = make_user(), make_user()
    told(person)

    with pytest.raises(Notice.DoesNotExist):
        notice_read(user_id=stranger.pk, notice_id=Notice.objects.get().pk, at=AT)

    assert Notice.objects.get().read_at is None


# --- who is told ---------------------------------------------------------------------------------
def test_people_are_those_whose_permission_reaches_the_legal_entity() -> None:
    world = make_world()
    second = make_legal_entity(world.holding)
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[second])

    money = people_reaching(
        permission=Permission.FINANCE_VIEW, legal_entity_ids=[world.entity.pk, second.pk], on=TODAY
    )
    orders = people_reaching(
        permission=Permission.ORDER_VIEW,
        legal_entity_ids=[world.entity.pk],
        on=TODAY,
        author_ids=[world.buyer.pk],
    )

    assert money == {
        world.entity.pk: (world.head.pk,),
        second.pk: tuple(sorted((world.head.pk, accountant.pk))),
    }
    assert set(orders[world.entity.pk]) == {world.buyer.pk, world.head.pk}


# --- pages ---------------------------------------------------------------------------------------
@pytest.fixture
def world() -> World:
    return make_world()


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_bell_counts_what_is_unread_without_a_query_of_its_own(world: World) -> None:
    client = browser_of(world.head)
    client.get("/")
    with CaptureQueriesContext(connection) as before:
        assert 'id="bell-badge"></span>' in client.get("/").content.decode()
    told(world.head)
    told(world.head, reference="ledger:18")

    with CaptureQueriesContext(connection) as after:
        page = client.get("/").content.decode()

    assert 'id="bell-badge">2<' in page
    assert len(after) == len(before)


@pytest.mark.parametrize("person", ["head", "manager"])
def test_inbox_shows_own_notices_and_marks_them_read(world: World, person: str) -> None:
    reader = getattr(world, person)
    told(reader)
    told(world.buyer, title="Чужое")
    client = browser_of(reader)
    page = client.get("/accounts/notices/").content.decode()
    notice = Notice.objects.get(user=reader)

    opened = client.post(reverse("accounts:notice_open", args=[notice.pk]))

    assert "Просрочен УТ-17" in page
    assert "Чужое" not in page
    assert (opened.status_code, opened["Location"]) == (302, "/settlements/")
    assert Notice.objects.get(user=reader).read_at is not None
    assert (
        client.post(
            reverse("accounts:notice_open", args=[Notice.objects.get(user=world.buyer).pk])
        ).status_code
        == 404
    )


def test_all_are_marked_read_at_once(world: World) -> None:
    told(world.head)
    told(world.head, reference="ledger:18")

    browser_of(world.head).post("/accounts/notices/read/")

    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_settings_are_kept_and_quiet_hours_need_both_ends(world: World) -> None:
    client = browser_of(world.head)

    refused = client.post("/accounts/notices/settings/", {"channel_overdue": "digest", "start": "22:00"})
    kept = client.post(
        "/accounts/notices/settings/", {"channel_overdue": "digest", "start": "22:00", "end": "08:00"}
    )

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert list(
        NoticeSetting.objects.filter(user=world.head, channel="digest").values_list("kind", flat=True)
    ) == ["overdue"]
    assert str(QuietHours.objects.get(user=world.head)) == "22:00–08:00"
    client.post("/accounts/notices/settings/", {})
    assert not QuietHours.objects.exists()
    page = client.get("/accounts/notices/settings/").content.decode()
    assert 'name="channel_overdue" value="digest" checked' in page


def test_letter_is_a_job_of_the_mail_queue() -> None:
    person = make_user()

    told(person)

    job = Job.objects.get()
    assert (job.queue, job.handler) == ("mail", f"{notice_mail.__module__}.{notice_mail.__qualname__}")
    assert job.payload == {"user_id": person.pk, "notice_ids": [Notice.objects.get().pk]}
