"""Telling the other side of a message: a line in the inbox, and a letter that may be answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from accounts.notices import Channel, NoticeKind
from accounts.permissions import Permission
from accounts.services.letters import letters_send
from accounts.services.notices import notice_send, quiet_for
from counterparties.models import Message, Side, Thread, ThreadReading
from counterparties.reply_addresses import reply_address
from counterparties.selectors import memberships_valid
from counterparties.selectors.managers import managers_of_holding
from counterparties.selectors.reaching import people_reaching
from portal.lib.dates import moscow_date
from portal.lib.said import as_it_is
from portal.outbox import JobContext, enqueue, job

_BEGINNING = 300


@dataclass(frozen=True, slots=True)
class MessageLetter:
    """One message for one reader."""

    message_id: int
    user_id: int


@transaction.atomic
def message_tell(*, message_id: int, at: datetime) -> int:
    """Put the message into the inboxes of the other side and order letters where the reader wants one.

    A letter waits for the end of quiet hours. Returns how many were told. Idempotent.
    """
    message = _message(message_id)
    reference, kind = f"message:{message.pk}", _kind(message)
    count = notice_send(
        user_ids=readers_of(message, on=moscow_date(at)),
        kind=kind,
        reference=reference,
        day=moscow_date(message.created_at),
        title=as_it_is(f"{_author(message)}: {message.thread.subject}"),
        text=message.text[:_BEGINNING],
        address=thread_address(message.thread),
        at=at,
    )
    mailed = Notice.objects.filter(kind=kind, reference=reference, channel=Channel.MAIL)
    for user in User.objects.filter(notices__in=mailed).select_related("quiet_hours").order_by("pk"):
        hours = getattr(user, "quiet_hours", None)
        delay = quiet_for(hours.start, hours.end, at, zone=ZoneInfo(user.time_zone)) if hours else timedelta()
        key = f"message:{message.pk}:{user.pk}"
        enqueue(message_mail, MessageLetter(message.pk, user.pk), key=key, delay=delay)
    return count


@job(queue="mail", atomic=False)
def message_mail(letter: MessageLetter, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    message_letter_send(letter=letter, key=job.key, on=timezone.localdate())


def message_letter_send(*, letter: MessageLetter, key: str, on: date) -> int:
    """Write to a reader who still may see the talk and has not read it yet; return how many letters."""
    message = _message(letter.message_id)
    person = User.objects.filter(pk=letter.user_id, is_active=True).first()
    if person is None or person.pk not in readers_of(message, on=on):
        return 0
    return _mail_one(message, person, key)


def readers_of(message: Message, *, on: date) -> tuple[int, ...]:
    """The other side, by user id: who answers for the talk, or the client's people who take part in it."""
    if message.side == Side.SELLER:
        return _client_readers(message, on=on)
    managers = managers_of_holding(message.thread.holding_id, on=on)
    taken_by = message.thread.taken_by_id
    mine = {one.answering.pk for one in managers if taken_by in {one.user.pk, one.answering.pk}}
    return tuple(sorted(mine or {one.answering.pk for one in managers}))


def thread_address(thread: Thread) -> str:
    return reverse("counterparties:thread", args=[thread.uid])


def _client_readers(message: Message, *, on: date) -> tuple[int, ...]:
    thread = message.thread
    if thread.is_personal:
        held = memberships_valid(on).filter(user_id=thread.started_by_id, user__is_active=True)
        there = held.filter(holding_id__in={thread.holding_id, thread.holding.merged_into_id})
        return (thread.started_by_id,) if there.exists() else ()
    reaching = people_reaching(
        permission=Permission(thread.permission),
        legal_entity_ids=[thread.legal_entity_id or 0],
        on=on,
        author_ids=thread.thing_author_ids,
    )
    may = set(reaching.get(thread.legal_entity_id or 0, ()))
    said = Message.objects.filter(thread=thread, side=Side.CLIENT).values_list("author_id", flat=True)
    chosen = may & {pk for pk in said if pk is not None} or may & set(thread.thing_author_ids) or may
    return tuple(sorted(chosen))


def _mail_one(message: Message, person: User, key: str) -> int:
    thread, kind = message.thread, _kind(message)
    is_read = ThreadReading.objects.filter(
        thread=thread, user=person, read_at__gte=message.created_at
    ).exists()
    if is_read:
        return 0
    reply = reply_address(thread.mail_token, person.pk)
    return letters_send(
        key=key,
        to=[person.email],
        letter="talk_message",
        context={
            "author": _author(message),
            "subject": thread.subject,
            "message": message.text,
            "files": [one.name for one in message.files.order_by("pk")],
            "address": settings.SITE_URL + thread_address(thread),
            "may_reply": bool(reply),
        },
        kinds=[kind] if kind == NoticeKind.MESSAGE else [],
        talk=_headers(thread, person, reply),
    )


def _headers(thread: Thread, person: User, reply: str) -> dict[str, str]:
    """Programs keep letters of a talk together by its root, and under the reader's own last letter."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    root = f"<talk.{thread.uid}@{domain}>"
    own = Message.objects.filter(thread=thread, author=person).exclude(mail_id="").order_by("-pk")
    last = own.values_list("mail_id", flat=True).first()
    headers = {"In-Reply-To": last or root, "References": f"{root} {last}" if last else root}
    return headers | ({"Reply-To": reply} if reply else {})


def _message(message_id: int) -> Message:
    return Message.objects.select_related("thread__holding", "author").get(pk=message_id)


def _kind(message: Message) -> NoticeKind:
    return NoticeKind.MESSAGE if message.side == Side.SELLER else NoticeKind.MESSAGE_WAITS


def _author(message: Message) -> str:
    name = message.author.get_full_name() if message.author else ""
    return f"{name} ({message.thread.holding.name})" if message.side == Side.CLIENT else name
