"""Writing into talks: the first word begins one, each next one says whose turn it is."""

from datetime import datetime, timedelta

from django.db import transaction

from counterparties.actor import AccessDenied, Actor
from counterparties.events import MessageWritten
from counterparties.models import (
    Channel,
    ManagerCard,
    Message,
    MessageFile,
    Side,
    Thread,
    ThreadKind,
    ThreadReading,
    ThreadState,
)
from counterparties.selectors.managers import DEFAULT_CARD, hours_of, managers_of_holding
from counterparties.talk_refusals import NothingSaid
from counterparties.talk_subjects import TalkSubject, Words
from counterparties.working_hours import IsWorking
from portal import outbox
from portal.files.services import store
from portal.lib.dates import moscow_date

_TEXT_LENGTH = 10_000
_TICK = timedelta(microseconds=1)


@transaction.atomic
def thread_write(
    *, actor: Actor, subject: TalkSubject, words: Words, calendar: IsWorking, at: datetime
) -> Thread:
    """Write about a thing: into the talk that there is about it, else into a new one.

    The subject is what the actor was seen to reach. Raises AccessDenied, NothingSaid.
    """
    require_voice(actor)
    require_words(words)
    owner_id = subject.person_id or actor.user_id or 0
    known = {"holding_id": subject.holding_id, "reference": subject.reference}
    if subject.is_personal:
        known["started_by_id"] = owner_id
    thread, is_new = Thread.objects.get_or_create(
        **known,
        is_personal=subject.is_personal,
        defaults={
            "legal_entity_id": subject.legal_entity_id,
            "permission": subject.permission or "",
            "thing_author_ids": sorted(subject.author_ids),
            "subject": subject.title[:200],
            "address": subject.address,
            "started_by_id": owner_id,
            "started_at": at,
            "last_message_at": at - _TICK,
        },
    )
    thread = thread if is_new else thread_locked(actor, thread.pk)
    message_add(thread, actor=actor, words=words, calendar=calendar, at=at)
    return thread


@transaction.atomic
def message_write(
    *,
    actor: Actor,
    thread_id: int,
    words: Words,
    calendar: IsWorking,
    at: datetime,
    channel: Channel = Channel.WEB,
    mail_id: str = "",
) -> Message:
    """Answer in a talk; a closed one opens again. The same key or letter a second time changes nothing.

    Raises AccessDenied, Thread.DoesNotExist (not visible to the actor), NothingSaid.
    """
    require_voice(actor)
    require_words(words)
    thread = thread_locked(actor, thread_id)
    return message_add(
        thread, actor=actor, words=words, calendar=calendar, at=at, channel=channel, mail_id=mail_id
    )


def thread_locked(actor: Actor, thread_id: int) -> Thread:
    """Lock a talk that the actor may see. Raises Thread.DoesNotExist."""
    return Thread.objects.visible_to(actor).select_for_update(of=("self",), no_key=True).get(pk=thread_id)


def require_voice(actor: Actor) -> None:
    """Raises AccessDenied for one who only looks, or belongs to neither side."""
    if actor.is_read_only or not (actor.is_client or actor.is_employee):
        raise AccessDenied("Писать могут клиент и его менеджер")


def require_words(words: Words) -> None:
    """Raises NothingSaid."""
    if not words.text.strip() and not words.files:
        raise NothingSaid


def message_add(
    thread: Thread,
    *,
    actor: Actor,
    words: Words,
    calendar: IsWorking,
    at: datetime,
    channel: Channel = Channel.WEB,
    mail_id: str = "",
) -> Message:
    """Put a message into a locked talk; moments of messages grow, so that nothing new looks read."""
    key = f"{channel}:{thread.pk}:{actor.user_id}:{words.key}"[:200] if words.key else ""
    known = Message.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    moment = max(at, thread.last_message_at + _TICK)
    message = Message.objects.create(
        thread=thread,
        author_id=actor.user_id,
        acting_user_id=actor.impersonator_id,
        side=Side.CLIENT if actor.is_client else Side.SELLER,
        channel=channel,
        text=words.text.strip()[:_TEXT_LENGTH],
        created_at=moment,
        mail_id=mail_id,
        key=key,
    )
    for one in words.files:
        stored = store(
            content=one.content,
            name=one.name,
            mime=one.mime,
            source=f"thread:{thread.pk}",
            created_by_id=actor.user_id,
        )
        MessageFile.objects.create(message=message, stored=stored, name=one.name)
    _turn(thread, message, kind=words.kind, calendar=calendar)
    if actor.user_id is not None and actor.impersonator_id is None:
        reading_note(thread, user_id=actor.user_id, upto=moment)
    outbox.publish(MessageWritten(message_id=message.pk))
    return message


def event_add(thread: Thread, *, title: str, author_id: int | None, at: datetime) -> Message:
    """Note in a locked talk what was done with it; nobody is told apart."""
    moment = max(at, thread.last_message_at + _TICK)
    thread.last_message_at = moment
    thread.save(update_fields=["last_message_at"])
    return Message.objects.create(
        thread=thread,
        author_id=author_id,
        side=Side.SYSTEM,
        channel=Channel.SYSTEM,
        title=title[:200],
        created_at=moment,
    )


def reading_note(thread: Thread, *, user_id: int, upto: datetime) -> None:
    """Remember that the person has read so far; never goes back."""
    reading, is_new = ThreadReading.objects.get_or_create(
        thread=thread, user_id=user_id, defaults={"read_at": upto}
    )
    if not is_new:
        ThreadReading.objects.filter(pk=reading.pk, read_at__lt=upto).update(read_at=upto)


def _turn(thread: Thread, message: Message, *, kind: ThreadKind, calendar: IsWorking) -> None:
    """A client's word starts the clock of the promise, the seller's stops it and takes the talk."""
    thread.last_message_at = thread.last_word_at = message.created_at
    thread.state = ThreadState.OPEN
    if message.side == Side.SELLER:
        thread.client_waits_since = thread.answer_due_at = None
        thread.taken_by_id = thread.taken_by_id or message.author_id
    else:
        if kind != ThreadKind.QUESTION or thread.client_waits_since is None:
            thread.kind = kind
        if thread.client_waits_since is None:
            thread.client_waits_since = message.created_at
            thread.answer_due_at = answer_due(thread, at=message.created_at, calendar=calendar)
    thread.save(
        update_fields=[
            "last_message_at",
            "last_word_at",
            "state",
            "kind",
            "client_waits_since",
            "answer_due_at",
            "taken_by",
        ]
    )


def answer_due(thread: Thread, *, at: datetime, calendar: IsWorking) -> datetime:
    """By when the client is promised an answer: working minutes of who answers today."""
    card = answering_card(thread, at=at)
    return hours_of(card).later(at, minutes=card.answer_minutes, is_working=calendar)


def answering_card(thread: Thread, *, at: datetime) -> ManagerCard:
    """The card of who has taken the talk, else of the client's first manager who is there."""
    managers = managers_of_holding(thread.holding_id, on=moscow_date(at))
    for one in managers:
        if thread.taken_by_id in {one.user.pk, one.answering.pk}:
            return one.answering_card
    present = [one for one in managers if one.away_until is None or one.substitute]
    chosen = (present or managers)[:1]
    return chosen[0].answering_card if chosen else DEFAULT_CARD
