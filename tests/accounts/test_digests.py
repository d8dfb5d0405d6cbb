"""Channels, digests, holidays and zones: once a person and day, nothing lost, nothing early."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import (
    Digest,
    DigestRhythm,
    LetterTimes,
    Notice,
    NoticeRule,
    NoticeSetting,
    User,
    Weekday,
)
from accounts.notices import (
    FILE_KINDS,
    IMPORTANT_KINDS,
    STAFF_KINDS,
    URGENT_KINDS,
    Channel,
    NoticeKind,
    Preset,
    channels_of,
)
from accounts.selectors.notices import channels_chosen, is_mailed
from accounts.services.digests import MOST_LINES, DigestLetter, digest_due, digest_send, digests_order
from accounts.services.letters import digest_refusal_address, letters_refuse
from accounts.services.notices import (
    LetterPlan,
    notice_preset_apply,
    notice_send,
    notice_settings_save,
    notices_purge,
    quiet_for,
)
from accounts.zones import Zone
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from portal.outbox.payload import decode
from tests.factories import TODAY, make_user

pytestmark = pytest.mark.django_db

MORNING = datetime.combine(TODAY, time(9), tzinfo=MOSCOW)
EVENING = MORNING - timedelta(hours=15)
ALL = [kind for kind in NoticeKind if kind not in STAFF_KINDS]


def reader(*, digested: Any = (NoticeKind.SHIPMENT, NoticeKind.OVERDUE), **plan: Any) -> User:
    person = make_user()
    choose(person, digested=digested, **plan)
    return person


def choose(person: User, *, digested: Any = (), mailed: Any = (), **plan: Any) -> None:
    notice_settings_save(
        user_id=person.pk,
        mailed=mailed,
        digested=digested,
        quiet_hours=None,
        plan=LetterPlan(**plan),
    )


def told(
    *people: User, at: datetime = EVENING, kind: NoticeKind = NoticeKind.SHIPMENT, thing: str = "order:1"
) -> None:
    notice_send(
        user_ids=[person.pk for person in people],
        kind=kind,
        reference=thing,
        day=at.astimezone(MOSCOW).date(),
        title=f"О {thing}",
        address="/orders/",
        at=at,
    )


def waits(job: Job) -> timedelta:
    """How long the job waits; the row was written a few milliseconds after its transaction began."""
    return timedelta(seconds=round((job.due_at - job.created_at).total_seconds(), -1))


def send_all() -> int:
    jobs = Job.objects.filter(handler__endswith="digest_mail").order_by("pk")
    return sum(
        digest_send(digest_id=decode(DigestLetter, job.payload).digest_id, key=job.key) for job in jobs
    )


# --- how far a notice goes -------------------------------------------------------------------------
def test_own_choice_is_above_the_administrators_and_his_above_the_portals() -> None:
    NoticeRule.objects.create(kind=NoticeKind.SHIPMENT, channel=Channel.DIGEST)
    NoticeRule.objects.create(kind=NoticeKind.OVERDUE, channel=Channel.INBOX)
    new, chooser = make_user(), make_user()
    NoticeSetting.objects.create(user=chooser, kind=NoticeKind.OVERDUE, channel=Channel.MAIL)

    for kind in (NoticeKind.SHIPMENT, NoticeKind.OVERDUE, NoticeKind.DUE_SOON):
        told(new, chooser, kind=kind)

    assert list(Notice.objects.filter(user=new).order_by("pk").values_list("channel", flat=True)) == [
        "digest", "inbox", "mail",
    ]  # fmt: skip
    assert channels_chosen(user_id=chooser.pk)[NoticeKind.OVERDUE] is Channel.MAIL
    assert not is_mailed(user_id=new.pk, kind=NoticeKind.OVERDUE)
    assert Job.objects.filter(handler__endswith="notice_mail").count() == 3


@pytest.mark.parametrize("kind", sorted(URGENT_KINDS))
def test_urgent_waits_for_no_digest_no_quiet_hours_and_no_return(kind: NoticeKind) -> None:
    NoticeRule.objects.create(kind=kind, channel=Channel.DIGEST)
    person = make_user()
    notice_settings_save(
        user_id=person.pk,
        mailed=[NoticeKind.OVERDUE],
        kinds=[NoticeKind.OVERDUE],
        quiet_hours=(time(17), time(20)),
        plan=LetterPlan(silent_until=TODAY + timedelta(days=9)),
    )

    told(person, kind=kind)

    job = Job.objects.get()
    assert Notice.objects.get().channel == "mail"
    assert waits(job) == timedelta()


def test_urgent_that_was_refused_stays_in_the_inbox() -> None:
    person = make_user()
    choose(person)

    told(person, kind=NoticeKind.BLOCKED)

    assert (Notice.objects.get().channel, Job.objects.count()) == ("inbox", 0)


def test_quiet_hours_hold_the_rest_while_the_urgent_goes() -> None:
    person = make_user()
    notice_settings_save(
        user_id=person.pk,
        mailed=[NoticeKind.OVERDUE, NoticeKind.BLOCKED],
        quiet_hours=(time(17), time(20)),
    )

    told(person, kind=NoticeKind.OVERDUE)
    told(person, kind=NoticeKind.BLOCKED)

    assert [waits(job) for job in Job.objects.order_by("pk")] == [timedelta(hours=2), timedelta()]


@pytest.mark.parametrize("zone", list(Zone))
def test_quiet_hours_go_by_the_clock_of_each_zone(zone: Zone) -> None:
    place = ZoneInfo(zone)
    for month in (1, 7):  # no summer time anywhere
        day = date(2027, month, 15)
        before, first, last, after = (
            quiet_for(time(22), time(8), datetime.combine(day, clock, tzinfo=place), zone=place)
            for clock in (time(21, 59, 59), time(22), time(7, 59, 59), time(8))
        )
        assert (before, first, last, after) == (
            timedelta(), timedelta(hours=10), timedelta(seconds=1), timedelta(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "hours"), [(Zone.KALININGRAD, 2), (Zone.MOSCOW, 3), (Zone.OMSK, 6), (Zone.KAMCHATKA, 12)]
)
def test_letter_waits_by_the_persons_own_clock(zone: Zone, hours: int) -> None:
    person = make_user()
    at = datetime.combine(TODAY, time(12), tzinfo=ZoneInfo("UTC"))
    here = (at + timedelta(hours=hours)).time().replace(tzinfo=None)
    ends = (at + timedelta(hours=hours + 1)).time().replace(tzinfo=None)
    notice_settings_save(
        user_id=person.pk,
        mailed=[NoticeKind.OVERDUE],
        quiet_hours=(here, ends),
        plan=LetterPlan(zone=zone),
    )

    told(person, kind=NoticeKind.OVERDUE, at=at)

    assert waits(Job.objects.get()) == timedelta(hours=1)


# --- when a digest falls due -----------------------------------------------------------------------
@pytest.mark.parametrize("zone", [Zone.KALININGRAD, Zone.MOSCOW, Zone.KAMCHATKA])
def test_daily_digest_falls_due_at_the_hour_of_the_zone(zone: Zone) -> None:
    place = ZoneInfo(zone)
    nine = datetime.combine(TODAY, time(9), tzinfo=place)
    times = LetterTimes(hour=9)

    assert digest_due(times, zone=place, at=nine - timedelta(seconds=1)) == nine - timedelta(days=1)
    assert digest_due(times, zone=place, at=nine) == nine
    assert digest_due(times, zone=place, at=nine + timedelta(hours=14)) == nine


def test_weekly_digest_falls_due_on_its_weekday_and_is_made_up_for() -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=MOSCOW)
    times = LetterTimes(rhythm=DigestRhythm.WEEKLY, weekday=Weekday.MONDAY, hour=9)

    due = [
        digest_due(times, zone=MOSCOW, at=monday + timedelta(days=days, hours=hours))
        for days, hours in ((0, -1), (0, 0), (6, 23), (7, 0))
    ]

    assert due == [monday - timedelta(days=7), monday, monday, monday + timedelta(days=7)]


@pytest.mark.parametrize("rhythm", list(DigestRhythm))
def test_no_digest_falls_due_on_a_holiday_and_one_does_on_the_return(rhythm: DigestRhythm) -> None:
    back = date(2026, 11, 26)  # a Thursday
    times = LetterTimes(rhythm=rhythm, weekday=Weekday.MONDAY, hour=9, silent_until=back)
    nine = datetime.combine(back, time(9), tzinfo=MOSCOW)

    assert digest_due(times, zone=MOSCOW, at=nine - timedelta(hours=10)) is None
    assert digest_due(times, zone=MOSCOW, at=nine - timedelta(seconds=1)) is None
    assert digest_due(times, zone=MOSCOW, at=nine) == nine


# --- gathering and sending -------------------------------------------------------------------------
def test_digest_gathers_what_came_before_its_hour_under_headings() -> None:
    person = reader()
    told(person)
    told(person, kind=NoticeKind.OVERDUE, thing="ledger:7")
    told(person, at=MORNING + timedelta(seconds=1), thing="order:2")

    assert digests_order(at=MORNING - timedelta(seconds=1)) == 0
    assert digests_order(at=MORNING + timedelta(hours=1)) == 1
    assert send_all() == 1

    (letter,) = mail.outbox
    html = str(letter.alternatives[0][0])
    assert (letter.to, letter.subject) == ([person.email], f"Сводка за {TODAY:%d.%m.%Y}: уведомлений 2")
    for body in (letter.body, html):
        assert body.index("Заказы и отгрузки") < body.index("О order:1") < body.index("Деньги")
        assert "О ledger:7" in body
        assert "О order:2" not in body
        assert "http://localhost:8000/orders/" in body
    assert Notice.objects.get(reference="order:2").digest is None


def test_two_beats_and_a_killed_worker_send_one_letter() -> None:
    person = reader()
    told(person)

    assert (digests_order(at=MORNING), digests_order(at=MORNING)) == (1, 0)
    told(person, thing="order:2")  # late: belongs to the next one
    assert digests_order(at=MORNING + timedelta(hours=3)) == 0
    send_all()
    send_all()

    assert len(mail.outbox) == 1
    assert (Digest.objects.count(), Job.objects.count()) == (1, 1)
    assert digests_order(at=MORNING + timedelta(days=1)) == 1
    send_all()
    assert [letter.subject.rpartition(" ")[2] for letter in mail.outbox] == ["1", "1"]


def test_hour_moved_on_the_day_gives_no_second_digest() -> None:
    person = reader()
    told(person)
    digests_order(at=MORNING)
    choose(person, digested=[NoticeKind.SHIPMENT], hour=18)
    told(person, at=MORNING + timedelta(hours=2), thing="order:2")

    assert digests_order(at=MORNING + timedelta(hours=10)) == 0

    assert digests_order(at=MORNING + timedelta(days=1, hours=9)) == 1


def test_what_was_read_meanwhile_is_left_out_and_an_empty_digest_is_not_sent() -> None:
    one, other = reader(), reader()
    told(one, other)
    Notice.objects.filter(user=one).update(read_at=MORNING)

    assert digests_order(at=MORNING) == 1
    Notice.objects.update(read_at=MORNING)

    assert send_all() == 0
    assert mail.outbox == []


def test_who_has_left_gets_no_digest() -> None:
    one, other = reader(), reader()
    told(one, other)
    User.objects.filter(pk=one.pk).update(is_active=False)

    assert digests_order(at=MORNING) == 1
    User.objects.filter(pk=other.pk).update(is_active=False)

    assert send_all() == 0


def test_long_digest_shows_the_newest_and_counts_the_rest() -> None:
    person = reader()
    for number in range(MOST_LINES + 2):
        told(person, at=EVENING + timedelta(minutes=number), thing=f"order:{number}")

    digests_order(at=MORNING)
    send_all()

    (letter,) = mail.outbox
    assert "Остальные, их 2, на портале" in letter.body
    assert "О order:0\n" not in letter.body
    assert f"О order:{MOST_LINES + 1}\n" in letter.body


@pytest.mark.parametrize("people", [1, 3])
def test_gathering_costs_one_query_more_for_each_letter(people: int, django_assert_num_queries: Any) -> None:
    told(*[reader() for _person in range(people)])

    with django_assert_num_queries(5 + people):  # savepoint and its end, who waits, claim, gather; jobs
        assert digests_order(at=MORNING) == people


def test_digest_in_english() -> None:
    person = reader()
    User.objects.filter(pk=person.pk).update(language="en")
    told(person)

    digests_order(at=MORNING)
    send_all()

    (letter,) = mail.outbox
    assert letter.subject == f"Digest of {TODAY:%d.%m.%Y}: 1 notifications"
    assert "Orders and shipments" in letter.body
    assert "Goods have been shipped" in letter.body


# --- holidays --------------------------------------------------------------------------------------
def test_letters_of_a_holiday_come_in_the_digest_after_it() -> None:
    person = make_user()
    choose(person, mailed=ALL, silent_until=TODAY)

    told(person)
    assert not is_mailed(user_id=person.pk, kind=NoticeKind.SHIPMENT, at=EVENING)
    assert is_mailed(user_id=person.pk, kind=NoticeKind.SHIPMENT, at=MORNING)
    assert (Notice.objects.get().channel, Job.objects.count()) == ("digest", 0)

    assert digests_order(at=MORNING) == 1
    assert send_all() == 1


def test_holiday_ends_at_midnight_of_the_persons_own_clock() -> None:
    person = make_user()
    choose(person, mailed=ALL, silent_until=TODAY, zone=Zone.KAMCHATKA)
    midnight = datetime.combine(TODAY, time(0), tzinfo=ZoneInfo(Zone.KAMCHATKA))

    told(person, at=midnight - timedelta(seconds=1))
    told(person, at=midnight, thing="order:2")

    assert dict(Notice.objects.values_list("reference", "channel")) == {
        "order:1": "digest",
        "order:2": "mail",
    }


# --- choosing --------------------------------------------------------------------------------------
def test_kinds_without_a_digest_are_not_put_into_one() -> None:
    person = make_user()

    choose(person, digested=ALL)

    chosen = dict(NoticeSetting.objects.values_list("kind", "channel"))
    assert set(chosen) == set(ALL) - URGENT_KINDS - FILE_KINDS
    assert set(chosen.values()) == {"digest"}
    assert all(Channel.DIGEST not in channels_of(kind) for kind in URGENT_KINDS | FILE_KINDS)


@pytest.mark.parametrize(
    ("preset", "mailed"),
    [(Preset.ALL, set(ALL)), (Preset.IMPORTANT, IMPORTANT_KINDS & set(ALL)), (Preset.NOTHING, set())],
)
def test_presets_choose_for_all_kinds(preset: Preset, mailed: set[NoticeKind]) -> None:
    person = make_user()

    for _click in range(2):
        notice_preset_apply(user_id=person.pk, preset=preset, kinds=ALL)

    chosen = dict(NoticeSetting.objects.values_list("kind", "channel"))
    assert {kind for kind, channel in chosen.items() if channel == "mail"} == mailed
    assert len(chosen) == len(ALL)


def test_what_waited_and_is_wanted_in_the_inbox_only_leaves_the_digest() -> None:
    person = reader()
    told(person)
    told(person, kind=NoticeKind.OVERDUE, thing="ledger:7")

    choose(person, digested=[NoticeKind.OVERDUE])
    digests_order(at=MORNING)
    send_all()

    assert "О ledger:7" in mail.outbox[0].body
    assert "О order:1" not in mail.outbox[0].body


def test_refusing_the_digest_leaves_letters_as_they_were() -> None:
    person = make_user()
    choose(person, digested=[NoticeKind.SHIPMENT], mailed=[NoticeKind.OVERDUE])
    told(person)
    digests_order(at=MORNING)
    send_all()
    told(person, at=MORNING, thing="order:2")
    link = mail.outbox[0].message()["List-Unsubscribe"].strip("<>")

    assert link == digest_refusal_address(person)
    for _click in range(2):
        subscription = letters_refuse(token=link.rstrip("/").rpartition("/")[2])

    chosen = channels_chosen(user_id=person.pk)
    assert (subscription.is_digest, subscription.kinds) == (True, ())
    assert (chosen[NoticeKind.SHIPMENT], chosen[NoticeKind.OVERDUE]) == (Channel.INBOX, Channel.MAIL)
    assert digests_order(at=MORNING + timedelta(days=1)) == 0


# --- purge -----------------------------------------------------------------------------------------
def test_old_lines_are_forgotten_but_not_those_that_wait_for_a_digest() -> None:
    person = reader()
    long_ago = MORNING - timedelta(days=91)
    told(person, at=long_ago, thing="waits")
    told(person, at=long_ago, thing="read")
    told(person, at=long_ago, thing="gathered")
    told(person, at=long_ago, thing="sent long ago")
    told(person, at=long_ago, kind=NoticeKind.DUE_SOON, thing="old")
    told(person, at=MORNING - timedelta(days=90), kind=NoticeKind.DUE_SOON, thing="young")
    days = [(TODAY, MORNING - timedelta(days=1)), (TODAY - timedelta(days=80), MORNING - timedelta(days=80))]
    lately, before = (
        Digest.objects.create(user=person, day=day, due_at=moment, ordered_at=moment) for day, moment in days
    )
    Notice.objects.filter(reference="read").update(read_at=MORNING)
    Notice.objects.filter(reference="gathered").update(digest=lately)
    Notice.objects.filter(reference="sent long ago").update(digest=before)

    assert notices_purge(at=MORNING) == 3

    assert set(Notice.objects.values_list("reference", flat=True)) == {"waits", "gathered", "young"}
