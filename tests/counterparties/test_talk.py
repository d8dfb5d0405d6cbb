"""Talks: who sees them, whose turn it is, who is told, what is read."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import Digest, Notice, NoticeSetting, User
from accounts.notices import Channel as NoticeChannel
from accounts.notices import NoticeKind
from accounts.permissions import Permission
from accounts.services.digests import digest_send, digests_order
from accounts.services.notices import LetterPlan, notice_settings_save
from counterparties.actor import AccessDenied
from counterparties.models import (
    Holding,
    ManagerCard,
    Message,
    MessageFile,
    Side,
    Thread,
    ThreadKind,
    ThreadState,
)
from counterparties.permissions import ReadyRole
from counterparties.reply_addresses import reply_address, reply_address_read
from counterparties.selectors import actor_for
from counterparties.selectors.talk import TalkFilter, thread_card, thread_row, threads_found
from counterparties.services.message_letters import (
    MessageLetter,
    message_letter_send,
    message_tell,
    readers_of,
)
from counterparties.services.talk import thread_note
from counterparties.services.thread_moves import (
    thread_close,
    thread_hand_over,
    thread_read,
    thread_reopen,
    thread_take,
)
from counterparties.services.threads import message_write
from counterparties.talk_refusals import AlreadySo, NothingSaid, NotServing, TakenByAnother
from counterparties.talk_subjects import Words
from counterparties.working_hours import WorkingHours
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from tests.counterparties.talks import PNG, about_order, about_product, begin, say, weekdays
from tests.factories import AT, TODAY, World, actor_of, make_legal_entity, make_manager, make_person

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


def seen_by(user: User) -> list[int]:
    return list(Thread.objects.visible_to(actor_of(user)).order_by("pk").values_list("pk", flat=True))


def unread_of(user: User) -> list[int]:
    found = threads_found(actor=actor_of(user), chosen=TalkFilter())
    return [thread_row(one, at=LATER).unread for one in found]


# --- who sees it ---------------------------------------------------------------------------------
def test_a_talk_about_an_order_is_seen_by_those_who_see_the_order(world: World) -> None:
    colleague = make_person(world.holding, ReadyRole.BUYER)
    viewer = make_person(world.holding, ReadyRole.VIEWER)
    elsewhere = make_person(
        world.holding, ReadyRole.VIEWER, legal_entities=[make_legal_entity(world.holding)]
    )

    thread = begin(world)

    seen = {
        name: seen_by(user) == [thread.pk]
        for name, user in {
            "buyer": world.buyer,
            "head": world.head,
            "viewer": viewer,
            "own scope": colleague,
            "other entity": elsewhere,
            "other holding": world.other_buyer,
            "manager": world.manager,
            "other manager": world.other_manager,
            "administrator": world.administrator,
        }.items()
    }
    assert seen == {
        "buyer": True,
        "head": True,
        "viewer": True,
        "own scope": False,
        "other entity": False,
        "other holding": False,
        "manager": True,
        "other manager": False,
        "administrator": True,
    }


def test_a_talk_about_a_product_is_seen_by_who_began_it_and_the_seller(world: World) -> None:
    thread = begin(world, subject=about_product(world))
    again = begin(world, subject=about_product(world), user=world.head)

    assert (seen_by(world.buyer), seen_by(world.head)) == ([thread.pk], [again.pk])
    assert seen_by(world.manager) == [thread.pk, again.pk]


def test_a_talk_about_what_is_several_peoples_is_seen_by_each_of_them(world: World) -> None:
    partner, stranger = (make_person(world.holding, ReadyRole.BUYER) for _number in range(2))
    subject = replace(about_order(world), author_ids=frozenset({world.buyer.pk, partner.pk}))

    thread = begin(world, subject=subject)
    message = say(thread, world.manager)

    assert [seen_by(user) for user in (world.buyer, partner, stranger)] == [[thread.pk], [thread.pk], []]
    assert readers_of(message, on=TODAY) == (world.buyer.pk,)
    again = begin(world, subject=subject, user=partner)
    assert again == thread
    assert readers_of(message, on=TODAY) == tuple(sorted((world.buyer.pk, partner.pk)))


def test_a_talk_about_money_needs_the_right_to_money(world: World) -> None:
    subject = replace(
        about_order(world), reference="act:3", permission=Permission.FINANCE_VIEW, author_ids=frozenset()
    )

    thread = begin(world, subject=subject, user=world.head)

    assert (seen_by(world.head), seen_by(world.buyer)) == ([thread.pk], [])


def test_a_substitute_sees_the_clients_of_who_is_away_and_only_then(world: World) -> None:
    thread = begin(world)
    stranger = make_manager(full_name="Пётр Заместов")
    ManagerCard.objects.create(
        user=world.manager,
        away_from=TODAY,
        away_until=TODAY + timedelta(days=3),
        substitute=stranger,
    )

    days = (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=3), TODAY + timedelta(days=4))
    seen = [Thread.objects.visible_to(actor_for(stranger, on=day)).exists() for day in days]

    assert seen == [False, True, True, False]
    assert seen_by(world.manager) == [thread.pk]


# --- whose turn ----------------------------------------------------------------------------------
def test_a_clients_word_starts_the_clock_and_the_sellers_stops_it(world: World) -> None:
    thread = begin(world)  # Monday 10:41, 60 working minutes

    thread.refresh_from_db()
    waiting = (thread.client_waits_since, thread.answer_due_at, thread.taken_by_id)
    say(thread, world.buyer, "И ещё вопрос", at=LATER)
    thread.refresh_from_db()
    still = (thread.client_waits_since, thread.answer_due_at)
    say(thread, world.manager, at=LATER + timedelta(minutes=1))
    thread.refresh_from_db()

    assert waiting == (AT, AT + timedelta(hours=1), None)
    assert still == waiting[:2]
    assert (thread.client_waits_since, thread.answer_due_at, thread.taken_by_id) == (
        None,
        None,
        world.manager.pk,
    )


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("2026-11-23 10:41", 60, "2026-11-23 11:41"),
        ("2026-11-23 17:30", 60, "2026-11-24 09:30"),
        ("2026-11-23 17:00", 60, "2026-11-23 18:00"),
        ("2026-11-23 18:00", 60, "2026-11-24 10:00"),
        ("2026-11-27 20:00", 30, "2026-11-30 09:30"),
        ("2026-11-28 12:00", 600, "2026-12-01 10:00"),
        ("2026-11-23 03:00", 5, "2026-11-23 09:05"),
    ],
)
def test_a_promise_counts_working_minutes(moment: str, minutes: int, due: str) -> None:
    hours = WorkingHours(time(9), time(18), MOSCOW)
    at, until = (datetime.fromisoformat(text).replace(tzinfo=MOSCOW) for text in (moment, due))

    assert hours.later(at, minutes=minutes, is_working=weekdays) == until


def test_a_promise_goes_by_the_managers_own_clock_and_survives_a_calendar_without_work() -> None:
    hours = WorkingHours(time(9), time(18), ZoneInfo("Asia/Vladivostok"))

    assert hours.later(AT, minutes=60, is_working=weekdays) == datetime(2026, 11, 24, 2, 41, tzinfo=MOSCOW)
    assert hours.later(AT, minutes=60, is_working=lambda day: False) == AT + timedelta(hours=1)


def test_the_promise_is_that_of_who_stands_in(world: World) -> None:
    stand_in = make_manager(full_name="Пётр Заместов")
    ManagerCard.objects.create(
        user=world.manager, answer_minutes=60, away_from=TODAY, away_until=TODAY, substitute=stand_in
    )
    ManagerCard.objects.create(user=stand_in, answer_minutes=15)

    thread = begin(world)

    assert thread.answer_due_at == AT + timedelta(minutes=15)


def test_a_closed_talk_waits_for_nothing_and_opens_with_the_next_word(world: World) -> None:
    thread = begin(world)

    thread_close(actor=actor_of(world.manager), thread_id=thread.pk, at=LATER)
    thread.refresh_from_db()
    closed = (thread.state, thread.client_waits_since)
    with pytest.raises(AlreadySo):
        thread_close(actor=actor_of(world.buyer), thread_id=thread.pk, at=LATER)
    say(thread, world.buyer, "Нет, не решено", at=LATER)
    thread.refresh_from_db()
    opened = (thread.state, thread.client_waits_since is not None)
    thread_close(actor=actor_of(world.buyer), thread_id=thread.pk, at=LATER)
    thread_reopen(actor=actor_of(world.buyer), thread_id=thread.pk, at=LATER)
    thread.refresh_from_db()

    assert closed == (ThreadState.CLOSED, None)
    assert opened == (ThreadState.OPEN, True)
    assert thread.state == ThreadState.OPEN
    assert list(Message.objects.filter(side=Side.SYSTEM).order_by("pk").values_list("title", flat=True)) == [
        "Вопрос закрыт",
        "Вопрос закрыт",
        "Вопрос открыт снова",
    ]


def test_a_talk_is_taken_once_and_handed_over_to_who_serves_the_client(world: World) -> None:
    thread = begin(world)
    second = make_manager(world.holding, full_name="Вторая Менеджерова")

    thread_take(actor=actor_of(world.manager), thread_id=thread.pk, at=LATER)
    thread_take(actor=actor_of(world.manager), thread_id=thread.pk, at=LATER)
    with pytest.raises(TakenByAnother):
        thread_take(actor=actor_of(second), thread_id=thread.pk, at=LATER)
    with pytest.raises(NotServing):
        thread_hand_over(
            actor=actor_of(world.manager), thread_id=thread.pk, user_id=world.other_manager.pk, at=LATER
        )
    with pytest.raises(AccessDenied):
        thread_take(actor=actor_of(world.buyer), thread_id=thread.pk, at=LATER)
    with pytest.raises(Thread.DoesNotExist):
        thread_take(actor=actor_of(world.other_manager), thread_id=thread.pk, at=LATER)
    thread.refresh_from_db()
    taken = thread.taken_by_id
    thread_hand_over(actor=actor_of(world.manager), thread_id=thread.pk, user_id=second.pk, at=LATER)
    thread.refresh_from_db()

    assert (taken, thread.taken_by_id) == (world.manager.pk, second.pk)
    assert Message.objects.filter(side=Side.SYSTEM).count() == 2


# --- writing -------------------------------------------------------------------------------------
def test_the_second_question_about_a_thing_goes_into_its_talk(world: World) -> None:
    first = begin(world)
    second = begin(world, user=world.head, text="А счёт?", kind=ThreadKind.CALL_BACK, at=LATER)

    assert first.pk == second.pk
    assert list(Message.objects.order_by("pk").values_list("author_id", "text", "side")) == [
        (world.buyer.pk, "Когда отгрузка?", Side.CLIENT),
        (world.head.pk, "А счёт?", Side.CLIENT),
    ]
    assert Thread.objects.get().kind == ThreadKind.CALL_BACK


def test_the_same_press_twice_is_one_message(world: World) -> None:
    thread = begin(world, key="a")
    begin(world, key="a")
    say(thread, world.manager, key="b")
    say(thread, world.manager, key="b")
    say(thread, world.buyer, key="b")

    assert Message.objects.count() == 3
    assert Job.objects.filter(handler__endswith="tell_message").count() == 3


def test_the_same_key_in_another_talk_is_another_message(world: World) -> None:
    first = begin(world, key="k1")
    second = begin(world, subject=about_order(world, 18), key="k1")

    assert list(Message.objects.order_by("pk").values_list("thread", flat=True)) == [first.pk, second.pk]


def test_nothing_is_not_a_message(world: World) -> None:
    with pytest.raises(NothingSaid):
        begin(world, text="  ")

    assert (Thread.objects.count(), Message.objects.count()) == (0, 0)


def test_files_are_kept_under_their_names(world: World) -> None:
    begin(world, text="", files=[PNG])

    file = MessageFile.objects.select_related("stored").get()
    assert (file.name, file.stored.mime, file.stored.size) == ("Пломба.png", "image/png", len(PNG.content))


def test_a_stranger_and_one_who_only_looks_write_nothing(world: World) -> None:
    thread = begin(world)
    looking = replace(actor_of(world.buyer), is_read_only=True)

    for stranger in (world.other_buyer, world.other_manager):
        with pytest.raises(Thread.DoesNotExist):
            say(thread, stranger)
    with pytest.raises(AccessDenied):
        thread_close(actor=looking, thread_id=thread.pk, at=LATER)

    assert Message.objects.count() == 1


def test_a_manager_in_the_cabinet_writes_in_the_persons_name_and_is_named(world: World) -> None:
    thread = begin(world)
    visiting = actor_of(world.buyer, impersonator=world.manager)

    thread_read(actor=visiting, thread=thread, upto=LATER, address="/", at=LATER)
    message = message_write(
        actor=visiting, thread_id=thread.pk, words=Words("По телефону"), calendar=weekdays, at=LATER
    )

    assert (message.author_id, message.acting_user_id, message.side) == (
        world.buyer.pk,
        world.manager.pk,
        Side.CLIENT,
    )
    assert list(thread.readings.values_list("user_id", "read_at")) == [(world.buyer.pk, AT)]


# --- reading -------------------------------------------------------------------------------------
def test_what_was_said_in_one_moment_is_still_unread(world: World) -> None:
    """A message that was on its way while another was read must not look read."""
    thread = begin(world)
    first = say(thread, world.manager, at=LATER)
    thread_read(actor=actor_of(world.buyer), thread=thread, upto=first.created_at, address="/", at=LATER)

    second = say(thread, world.manager, "И документы", at=LATER - timedelta(seconds=1))

    assert second.created_at > first.created_at
    assert unread_of(world.buyer) == [1]


def test_unread_counts_the_other_peoples_words_and_no_events(world: World) -> None:
    thread = begin(world)
    say(thread, world.manager, at=LATER)
    thread_note(
        holding_id=world.holding.pk,
        legal_entity_id=world.entity.pk,
        reference="order:17",
        permission=Permission.ORDER_VIEW,
        subject="Отгружено",
        text="",
        address="",
        key="x",
        at=LATER,
    )

    before = (unread_of(world.buyer), unread_of(world.manager), unread_of(world.head))
    card = thread_card(actor=actor_of(world.buyer), uid=thread.uid, at=LATER)
    thread_read(actor=actor_of(world.buyer), thread=thread, upto=card.read_upto, address="/", at=LATER)

    assert before == ([1], [0], [2])
    assert unread_of(world.buyer) == [0]
    assert [(line.name, line.is_mine, line.is_new) for line in card.lines] == [
        (world.buyer.get_full_name(), True, False),
        (world.manager.get_full_name(), False, True),
        ("", False, False),
    ]


def test_an_event_is_shown_to_who_has_its_right(world: World) -> None:
    thread = begin(world)
    viewer = make_person(world.holding, ReadyRole.VIEWER)
    for number, permission in enumerate((Permission.ORDER_VIEW, Permission.DOCUMENT_VIEW)):
        thread_note(
            holding_id=world.holding.pk,
            legal_entity_id=None,
            reference="order:17",
            permission=permission,
            subject=permission.label,
            text="",
            address="",
            key=str(number),
            at=LATER,
        )

    def lines(user: User) -> int:
        return len(thread_card(actor=actor_of(user), uid=thread.uid, at=LATER).lines)

    assert (lines(world.buyer), lines(world.manager), lines(viewer)) == (3, 3, 2)


def test_a_long_talk_is_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterparties.selectors.talk.MOST_LINES", 2)
    thread = begin(world, text="1")
    for number in range(2, 6):
        say(thread, world.manager, str(number))

    cards = [
        thread_card(actor=actor_of(world.buyer), uid=thread.uid, at=LATER, page=page) for page in range(1, 5)
    ]

    assert [[line.message.text for line in card.lines] for card in cards] == [
        ["4", "5"],
        ["2", "3"],
        ["1"],
        [],
    ]
    assert [card.has_earlier for card in cards] == [True, True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_a_talk_cost_the_same_however_long(
    world: World, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        thread = begin(world, subject=about_order(world, number), files=[PNG])
        for _line in range(count):
            say(thread, world.manager)
    actor = actor_of(world.buyer)

    with django_assert_num_queries(1):
        rows = [thread_row(one, at=LATER) for one in threads_found(actor=actor, chosen=TalkFilter())]
        assert {(row.thread.holding.name, row.unread) for row in rows} == {(world.holding.name, count)}
    with django_assert_num_queries(5):
        card = thread_card(actor=actor, uid=thread.uid, at=LATER)
        assert next(line.files for line in card.lines if line.files)[0].stored.size > 0


def test_a_personal_talk_of_a_merged_client_comes_to_who_serves_the_heir(world: World) -> None:
    thread = begin(world, subject=about_product(world))
    heir = make_manager(world.other_holding, full_name="Нина Наследова")
    Holding.objects.filter(pk=world.holding.pk).update(is_active=False, merged_into=world.other_holding)

    message = Message.objects.get(thread=thread)

    assert readers_of(message, on=TODAY) == tuple(sorted((world.other_manager.pk, heir.pk)))
    assert (
        thread_hand_over(
            actor=actor_of(world.other_manager), thread_id=thread.pk, user_id=heir.pk, at=LATER
        ).taken_by
        == heir
    )


# --- telling -------------------------------------------------------------------------------------
def test_a_clients_question_comes_to_his_managers_and_goes_by_mail_once(world: World, settings: Any) -> None:
    settings.TALK_MAIL_ADDRESS = "talk@portal.example"
    thread = begin(world)
    message = Message.objects.get()

    for _twice in range(2):
        message_tell(message_id=message.pk, at=AT)
        message_letter_send(letter=MessageLetter(message.pk, world.manager.pk), key="k", on=TODAY)

    notice = Notice.objects.get()
    (letter,) = mail.outbox
    assert (notice.user_id, notice.kind, notice.address) == (
        world.manager.pk,
        NoticeKind.MESSAGE_WAITS,
        f"/messages/{thread.uid}/",
    )
    assert (letter.to, letter.subject) == ([world.manager.email], "Заказ P-17")
    assert "Когда отгрузка?" in letter.body
    reply = letter.extra_headers["Reply-To"]
    assert reply_address_read(reply) == (thread.mail_token, world.manager.pk)
    assert f"<talk.{thread.uid}@" in letter.extra_headers["References"]
    assert not Job.objects.filter(handler__endswith="notice_mail").exists()
    assert Job.objects.filter(handler__endswith="message_mail").count() == 1


def test_the_answer_comes_to_who_asked_unless_he_wants_no_letters_or_has_read_it(world: World) -> None:
    thread = begin(world)
    first, second = say(thread, world.manager), say(thread, world.manager, "И ещё")

    told = message_tell(message_id=first.pk, at=AT)
    NoticeSetting.objects.create(user=world.buyer, kind=NoticeKind.MESSAGE, channel=NoticeChannel.INBOX)
    told += message_tell(message_id=second.pk, at=AT)
    thread_read(actor=actor_of(world.buyer), thread=thread, upto=first.created_at, address="/x/", at=AT)
    sent = [
        message_letter_send(letter=MessageLetter(one.pk, world.buyer.pk), key=str(one.pk), on=TODAY)
        for one in (first, second)
    ]

    assert (told, sent) == (2, [0, 1])
    assert Job.objects.filter(handler__endswith="message_mail").count() == 1
    assert mail.outbox[0].to == [world.buyer.email]


@pytest.mark.parametrize("is_digested", [True, False], ids=["digest", "holiday"])
def test_message_that_waits_for_the_digest_has_no_letter_beside_it(world: World, is_digested: bool) -> None:
    """Chosen for the digest, or by letter during a holiday: one line in the next digest and nothing else."""
    back = datetime.combine(TODAY + timedelta(days=3), time(9), tzinfo=MOSCOW)
    notice_settings_save(
        user_id=world.buyer.pk,
        mailed=[] if is_digested else [NoticeKind.MESSAGE],
        digested=[NoticeKind.MESSAGE] if is_digested else [],
        quiet_hours=None,
        plan=LetterPlan(silent_until=None if is_digested else back.date()),
    )
    thread = begin(world)
    first, second = say(thread, world.manager), say(thread, world.manager, "И ещё")
    for message in (first, second):
        message_tell(message_id=message.pk, at=AT)
    thread_read(actor=actor_of(world.buyer), thread=thread, upto=first.created_at, address="/x/", at=AT)

    early = 0 if is_digested else digests_order(at=back - timedelta(hours=1))
    ordered = digests_order(at=back)
    digest_send(digest_id=Digest.objects.get().pk, key="k")

    assert (early, ordered) == (0, 1)
    assert not Job.objects.filter(handler__regex="(message|notice)_mail$").exists()
    (letter,) = mail.outbox
    assert letter.to == [world.buyer.email]
    assert "И ещё" in letter.body


def test_message_by_letter_is_in_no_digest(world: World) -> None:
    message = say(begin(world), world.manager)

    message_tell(message_id=message.pk, at=AT)

    assert Job.objects.filter(handler__endswith="message_mail").count() == 1
    assert not Job.objects.filter(handler__endswith="notice_mail").exists()
    assert digests_order(at=AT + timedelta(days=3)) == 0


def test_opening_a_talk_reads_the_notices_that_lead_there(world: World) -> None:
    thread = begin(world)
    message = say(thread, world.manager)
    message_tell(message_id=message.pk, at=AT)

    thread_read(
        actor=actor_of(world.buyer),
        thread=thread,
        upto=message.created_at,
        address=f"/messages/{thread.uid}/",
        at=LATER,
    )

    assert Notice.objects.get().read_at == LATER


def test_one_who_lost_the_order_is_told_nothing(world: World) -> None:
    thread = begin(world)
    world.buyer.memberships.update(is_active=False)
    message = say(thread, world.manager)

    message_tell(message_id=message.pk, at=AT)

    assert [one.user_id for one in Notice.objects.all()] == [world.head.pk]


# --- addresses of answers ------------------------------------------------------------------------
def test_an_address_of_an_answer_is_made_for_one_reader(settings: Any) -> None:
    settings.TALK_MAIL_ADDRESS = "talk@portal.example"
    token = "0123456789abcdef0123"
    address = reply_address(token, 7)

    forged = address.replace("-7-", "-8-")

    assert reply_address_read(f"Портал <{address.upper()}>") == (token, 7)
    assert [reply_address_read(one) for one in (forged, "talk@portal.example", "x" + address, "", "a@b")] == [
        None
    ] * 5
    settings.TALK_MAIL_ADDRESS = ""
    assert (reply_address(token, 7), reply_address_read(address)) == ("", None)
