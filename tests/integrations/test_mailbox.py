"""Letters that come into talks: from a mailbox, from a webhook, and those that may not."""

import hmac
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from counterparties.models import Channel, InboundLetter, LetterState, Message, MessageFile, Side, Thread
from counterparties.reply_addresses import reply_address
from counterparties.services.threads import message_write
from counterparties.talk_subjects import Words
from integrations.mailbox.imap import ImapMailbox, MailboxFault
from integrations.mailbox.letters import LetterUnreadable, letter_read
from integrations.mailbox.plain import plain_text
from integrations.mailbox.quotes import own_words
from integrations.services.mailbox import MOST_FAILURES, letter_receive, mailbox_fetch
from tests.counterparties.talks import begin, say
from tests.factories import AT, World, make_world
from tests.standins.imap import Imap

LATER = AT + timedelta(minutes=5)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccfc0500f000485018084a98c210000000049454e44ae426082"
)
GMAIL = (
    "Да, жду.\r\n\r\nпн, 23 нояб. 2026 г. в 10:41, Портал дилера <talk@portal.example>:\r\n> Отгрузим?\r\n"
)


@pytest.fixture(autouse=True)
def mail_address(settings: Any) -> None:
    settings.TALK_MAIL_ADDRESS = "talk@portal.example"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def letter(
    thread: Thread,
    user: User,
    text: str = GMAIL,
    *,
    mail_id: str = "<1@mail.example>",
    sender: str = "",
    to: str = "",
    headers: dict[str, str] | None = None,
    files: dict[str, bytes] | None = None,
) -> bytes:
    message = EmailMessage()
    message["From"] = f"Ирина <{sender or user.email}>"
    message["To"] = to or reply_address(thread.mail_token, user.pk)
    message["Subject"] = "Re: Заказ"
    message["Message-ID"] = mail_id
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


# --- into the talk -------------------------------------------------------------------------------
def test_an_answer_by_mail_comes_into_the_talk_once(world: World) -> None:
    thread = begin(world)
    say(thread, world.manager)
    raw = letter(thread, world.buyer)

    first, second = (letter_receive(raw, at=LATER) for _twice in range(2))

    message = Message.objects.get(channel=Channel.MAIL)
    thread.refresh_from_db()
    assert first == second == InboundLetter.objects.get(state=LetterState.TAKEN, thread=thread)
    assert (message.text, message.author, message.side, message.mail_id) == (
        "Да, жду.",
        world.buyer,
        Side.CLIENT,
        "<1@mail.example>",
    )
    assert thread.client_waits_since == message.created_at


def test_a_managers_answer_by_mail_is_the_sellers_word(world: World) -> None:
    thread = begin(world)

    letter_receive(letter(thread, world.manager, "Отгрузим завтра"), at=LATER)

    thread.refresh_from_db()
    assert Message.objects.get(channel=Channel.MAIL).side == Side.SELLER
    assert (thread.client_waits_since, thread.taken_by) == (None, world.manager)


def test_good_files_are_kept_and_bad_ones_named(world: World) -> None:
    thread = begin(world)

    letter_receive(
        letter(thread, world.buyer, "Вот", files={"../Пломба.png": PNG, "вирус.exe": b"MZ\x90"}), at=LATER
    )

    assert MessageFile.objects.get().name == "Пломба.png"
    (event,) = Message.objects.filter(side=Side.SYSTEM)
    assert event.title.startswith("Вложение не принято: вирус.exe")


# --- refused -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "bulk"),
        ("Return-Path", "<>"),
        ("List-Id", "<news.example>"),
    ],
)
def test_what_a_machine_sends_is_refused(world: World, name: str, value: str) -> None:
    thread = begin(world)

    row = letter_receive(letter(thread, world.buyer, headers={name: value}), at=LATER)

    assert row is not None
    assert (row.state, Message.objects.count()) == (LetterState.REFUSED, 1)


def test_only_the_reader_himself_answers_his_letter(world: World) -> None:
    thread = begin(world)
    own = reply_address(thread.mail_token, world.buyer.pk)
    forged = own.replace(f"-{world.buyer.pk}-", f"-{world.head.pk}-")
    letters = [
        letter(thread, world.buyer, sender=world.head.email, mail_id="<1@x>"),
        letter(thread, world.head, to=forged, mail_id="<2@x>"),
        letter(thread, world.other_buyer, mail_id="<3@x>"),
        letter(thread, world.other_manager, mail_id="<4@x>"),
        letter(thread, world.buyer, to="talk@portal.example", mail_id="<5@x>"),
    ]

    rows = [letter_receive(raw, at=LATER) for raw in letters]

    assert [row.state if row else "" for row in rows] == [
        LetterState.REFUSED,
        LetterState.UNKNOWN,
        LetterState.REFUSED,
        LetterState.REFUSED,
        LetterState.UNKNOWN,
    ]
    assert Message.objects.count() == 1


def test_one_who_lost_access_answers_no_more(world: World) -> None:
    thread = begin(world)
    world.buyer.memberships.update(is_active=False)

    row = letter_receive(letter(thread, world.buyer), at=LATER)

    assert row is not None
    assert (row.state, Message.objects.count()) == (LetterState.REFUSED, 1)


def test_a_letter_of_nothing_but_a_quotation_is_refused(world: World) -> None:
    thread = begin(world)

    row = letter_receive(letter(thread, world.buyer, "> Отгрузим?\r\n> Да\r\n"), at=LATER)

    assert row is not None
    assert (row.state, Message.objects.count()) == (LetterState.REFUSED, 1)


# --- the mailbox ---------------------------------------------------------------------------------
def test_a_mailbox_is_emptied_and_a_repeat_changes_nothing(world: World, settings: Any) -> None:
    thread = begin(world)
    letters = {
        7: letter(thread, world.buyer),
        9: b"\x00\xff",
        11: letter(thread, world.buyer, mail_id="<2@x>"),
    }

    with Imap(letters, fault="twice") as server:
        settings.TALK_MAILBOX_URL = server.url
        counts = [mailbox_fetch(at=LATER) for _twice in range(2)]

    assert counts == [3, 3]
    assert server.seen == {7, 9, 11}
    assert 'LOGIN portal "se@cret"' in server.signed_in
    assert Message.objects.filter(channel=Channel.MAIL).count() == 2


@pytest.mark.parametrize("fault", ["cut", "garbage", "no"])
def test_a_mailbox_that_fails_loses_nothing(world: World, settings: Any, fault: str) -> None:
    thread = begin(world)

    with Imap({7: letter(thread, world.buyer)}, fault=fault) as server:
        settings.TALK_MAILBOX_URL = server.url
        with pytest.raises(MailboxFault):
            mailbox_fetch(at=LATER)
        failed = (set(server.seen), Message.objects.count())
        server.fault = ""
        mailbox_fetch(at=LATER)

    assert failed == (set(), 1)
    assert (server.seen, Message.objects.count()) == ({7}, 2)


def test_a_slow_mailbox_is_given_up_and_a_huge_letter_is_not_fetched(world: World) -> None:
    thread = begin(world)
    letters = {7: letter(thread, world.buyer), 8: letter(thread, world.buyer, mail_id="<2@x>")}

    with Imap(letters, sizes={7: 10**9}) as server, ImapMailbox(server.url) as mailbox:
        fetched = list(mailbox.letters())
    with Imap(letters, fault="slow") as server, pytest.raises(MailboxFault):
        ImapMailbox(server.url, seconds=0.3).__enter__()

    assert [(one.uid, one.raw is None) for one in fetched] == [("7", True), ("8", False)]


def test_a_letter_that_always_fails_is_given_up_and_stops_nobody(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = begin(world)
    letters = {
        7: letter(thread, world.buyer, "Сломать"),
        8: letter(thread, world.buyer, "Да", mail_id="<2@x>"),
    }

    def written(*, words: Words, **told: Any) -> Message:
        if words.text == "Сломать":
            raise RuntimeError
        return message_write(words=words, **told)

    monkeypatch.setattr("integrations.services.mailbox.message_write", written)
    monkeypatch.setattr("integrations.services.mailbox.MOST_AT_ONCE", 1)
    with Imap(letters) as server:
        settings.TALK_MAILBOX_URL = server.url
        counts, seen = [], []
        for _minute in range(MOST_FAILURES + 1):
            counts.append(mailbox_fetch(at=LATER))
            seen.append(set(server.seen))

    assert counts == [1, 0, 0, 0, 1, 0]
    assert seen == [{8}, {8}, {8}, {8}, {7, 8}, {7, 8}]
    row = InboundLetter.objects.get(state=LetterState.REFUSED)
    assert (row.mail_id, row.reason) == ("<1@mail.example>", "не удалось принять, попыток: 5")
    assert Message.objects.get(channel=Channel.MAIL).text == "Да"


def test_a_letter_that_the_server_cannot_give_stops_nobody(world: World, settings: Any) -> None:
    thread = begin(world)
    letters = {7: letter(thread, world.buyer), 8: letter(thread, world.buyer, mail_id="<2@x>")}

    with Imap(letters, gone={7}) as server:
        settings.TALK_MAILBOX_URL = server.url
        count = mailbox_fetch(at=LATER)

    assert (count, server.seen, Message.objects.get(channel=Channel.MAIL).mail_id) == (1, {8}, "<2@x>")


def test_without_a_mailbox_nobody_asks(settings: Any) -> None:
    settings.TALK_MAILBOX_URL = ""

    assert mailbox_fetch(at=AT) == 0


# --- the webhook ---------------------------------------------------------------------------------
def post(body: bytes, *, secret: str = "s3cret", age: int = 0) -> int:
    stamp = str(int(timezone.now().timestamp()) - age)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    answer = Client().post(
        "/mail/inbound/",
        data=body,
        content_type="message/rfc822",
        headers={"X-Timestamp": stamp, "X-Signature": f"sha256={signature}"},
    )
    return answer.status_code


def test_a_signed_letter_is_taken_from_a_webhook(world: World, settings: Any) -> None:
    settings.TALK_MAIL_SECRET = "s3cret"
    thread = begin(world)
    raw = letter(thread, world.buyer)

    answers = [post(raw), post(raw), post(raw, secret="other"), post(raw, age=3600), post(b"rubbish")]

    assert answers == [200, 200, 401, 401, 200]
    assert Message.objects.filter(channel=Channel.MAIL).count() == 1


def test_a_letter_that_no_database_keeps_is_refused(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TALK_MAIL_SECRET = "s3cret"
    thread = begin(world)

    def written(**_told: Any) -> Message:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'x'::text, 1 / 0")
        raise AssertionError

    monkeypatch.setattr("integrations.services.mailbox.message_write", written)
    answers = [post(letter(thread, world.buyer)) for _twice in range(2)]

    assert answers == [200, 200]
    assert InboundLetter.objects.get().state == LetterState.REFUSED
    assert Message.objects.filter(channel=Channel.MAIL).count() == 0


def test_without_a_secret_the_webhook_is_closed(world: World, settings: Any) -> None:
    settings.TALK_MAIL_SECRET = ""

    assert (post(b"x"), InboundLetter.objects.count()) == (404, 0)


# --- what a person wrote -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        GMAIL,
        "Да, жду.\n\nOn Mon, Nov 23, 2026 at 10:41 AM Portal <talk+0123-7-89@portal.example>\nwrote:\n\n> x",
        'Да, жду.\n\n23.11.2026, 10:41, "Портал" <talk@portal.example>:\n> x',
        "Да, жду.\n\nПонедельник, 23 ноября 2026, 10:41 +03:00 от Портал <talk@portal.example>:\n \n> x",
        "Да, жду.\n\n-----Исходное сообщение-----\nОт: Портал\n> x",
        "Да, жду.\n\n-----Original Message-----\nFrom: x",
        "Да, жду.\n________________________________\nОт: Портал <x@y.example>\nОтправлено: сегодня",
        "Да, жду.\n\nFrom: Portal <x@y.example>\nSent: November 23, 2026\nTo: Irina\nSubject: x\n\nold",
        "Да, жду.\n\n23 ноября 2026 г., в 10:41, Портал <x@y.example> написал(а):\n\n> x",
        "Да, жду.\n-- \nИрина, отдел закупок",
        "Да, жду.\n\n> Отгрузим?\n> Скажите",
    ],
)
def test_quotations_of_mail_programs_are_cut_off(text: str) -> None:
    assert own_words(text) == "Да, жду."


@pytest.mark.parametrize(
    "text",
    [
        "Прошу отгрузить:\n- кабель 100 м\n- болты",
        "> Когда отгрузка?\nЗавтра\n> Сколько?\n100",
        "Встречаемся в 10:41, потом напишу на a@b.example",
        "From: Москва\nможно отправить",
    ],
)
def test_words_that_only_look_like_a_quotation_stay(text: str) -> None:
    assert own_words(text) == text


def test_html_alone_is_read_as_text() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Да,&nbsp;жду &lt;завтра&gt;.</p><div>Ирина</div>"
        '<div class="gmail_quote">пн Портал<blockquote>старое</blockquote></div><script>x()</script></body>'
    )

    assert plain_text(html) == "Да, жду <завтра>.\n\nИрина"


def test_a_letter_with_an_unknown_charset_and_broken_headers_is_read() -> None:
    raw = (
        b"From: =?utf-9?B?0000?= <a@b.example>\r\nTo: <<<>>>, talk@portal.example\r\nSubject: \xff\xfe\r\n"
        b"Message-ID: <1@x>\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xd0\x94\xd0\xb0"
    )

    read = letter_read(raw)

    assert (read.sender, read.text, read.mail_id) == ("a@b.example", "Да", "<1@x>")


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(noise: bytes) -> None:
    for raw in (
        noise,
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + noise,
    ):
        try:
            letter_read(raw)
        except LetterUnreadable:
            continue


def test_names_of_files_and_headers_can_be_stored() -> None:
    raw = (
        b"From: a@b.example\r\nSubject: =?unicode_escape?Q?=5Cx00x?=\r\nMessage-ID: <1@x>\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''a%00.pdf\r\n\r\n%PDF\r\n--x--\r\n"
    )

    read = letter_read(raw)

    told = [read.subject, *(name for name, _content in read.files)]
    assert told == ["x", "a.pdf"]


def test_a_letter_of_too_many_parts_is_not_read() -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
        for number in range(3000)
    )

    with pytest.raises(LetterUnreadable):
        letter_read(b"From: a@b.example\r\n" + nested)
