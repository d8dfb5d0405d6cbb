"""Talks as both sides see them: lists, the queue of a manager, one talk with its lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Message, MessageFile, Side, Thread, ThreadReading, ThreadState
from counterparties.reach import reaches

MOST_LINES = 100
_BEGINNING = 160


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One talk in a list; `last` is how the newest words begin, `unread` counts the other people's."""

    thread: Thread
    last: str
    unread: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the actor sees it; `name` is of who wrote it, or did what an event tells of."""

    message: Message
    name: str
    is_mine: bool
    is_new: bool
    files: tuple[MessageFile, ...]


@dataclass(frozen=True, slots=True)
class ThreadCard:
    """A talk with a page of its lines in order, the newest ones on page 1.

    `newest_pk` is that of the newest line of the page, shown or not.
    """

    thread: Thread
    lines: tuple[Line, ...]
    page: int
    has_earlier: bool
    newest_pk: int
    read_upto: datetime
    is_overdue: bool
    is_unanswered: bool


@dataclass(frozen=True, slots=True)
class TalkFilter:
    """What of the talks is wanted; `whose` is `mine`, `free` or everybody's."""

    text: str = ""
    state: str = ThreadState.OPEN
    is_unread: bool = False
    is_waiting: bool = False
    whose: str = ""


def threads_found(*, actor: Actor, chosen: TalkFilter) -> QuerySet[Thread]:
    """Talks that the actor may see, for `thread_row`; a client's newest first, a manager's by their term."""
    threads = (
        Thread.objects.visible_to(actor)
        .select_related("holding", "legal_entity", "taken_by", "started_by")
        .annotate(
            unread=_unread(actor), last_words=Coalesce(Subquery(_last()), Value("", output_field=TextField()))
        )
    )
    if chosen.text:
        threads = threads.filter(
            Q(subject__icontains=chosen.text)
            | Q(holding__name__icontains=chosen.text)
            | Q(started_by__full_name__icontains=chosen.text)
        )
    if chosen.state:
        threads = threads.filter(state=chosen.state)
    if chosen.is_unread:
        threads = threads.filter(unread__gt=0)
    if chosen.is_waiting:
        threads = threads.filter(client_waits_since__isnull=False)
    if chosen.whose == "mine":
        threads = threads.filter(taken_by_id=actor.user_id)
    elif chosen.whose == "free":
        threads = threads.filter(taken_by__isnull=True)
    if actor.is_client:
        return threads.order_by("-last_message_at", "-pk")
    return threads.order_by("answer_due_at", "-last_message_at", "-pk")  # NULL, nobody waits, comes last


def thread_row(thread: Thread, *, at: datetime) -> ThreadRow:
    """A row of `threads_found`."""
    return ThreadRow(
        thread=thread,
        last=thread.last_words[:_BEGINNING],  # type: ignore[attr-defined]
        unread=thread.unread,  # type: ignore[attr-defined]
        is_overdue=is_overdue(thread, at=at),
    )


def thread_card(*, actor: Actor, uid: UUID, at: datetime, page: int = 1) -> ThreadCard:
    """One talk, so many lines at once; five queries whatever its length. Raises Thread.DoesNotExist."""
    threads = Thread.objects.visible_to(actor).select_related(
        "holding", "legal_entity", "taken_by", "started_by"
    )
    thread = threads.get(uid=uid)
    read_at = (
        ThreadReading.objects.filter(thread=thread, user_id=actor.user_id or 0)
        .values_list("read_at", flat=True)
        .first()
    )
    messages = (
        Message.objects.filter(thread=thread)
        .select_related("author", "acting_user")
        .prefetch_related("files__stored")
        .order_by("-created_at", "-pk")
    )
    passed = (page - 1) * MOST_LINES
    newest = list(messages[passed : passed + MOST_LINES + 1])
    kept = reversed(newest[:MOST_LINES])
    shown = [one for one in kept if is_line_seen(actor, thread, one)]
    return ThreadCard(
        thread=thread,
        lines=tuple(
            Line(
                message=one,
                name=_name(one),
                is_mine=one.side != Side.SYSTEM and one.author_id == actor.user_id,
                is_new=_is_heard(actor, one) and (read_at is None or one.created_at > read_at),
                files=tuple(one.files.all()),
            )
            for one in shown
        ),
        page=page,
        has_earlier=len(newest) > MOST_LINES,
        newest_pk=max((one.pk for one in newest), default=0),
        read_upto=newest[0].created_at if newest else thread.started_at,
        is_overdue=is_overdue(thread, at=at),
        is_unanswered=thread.client_waits_since is not None,
    )


def file_seen(*, actor: Actor, uid: UUID, file_pk: int) -> MessageFile:
    """A file of a talk that the actor may see. Raises MessageFile.DoesNotExist."""
    visible = Thread.objects.visible_to(actor).filter(uid=uid)
    files = MessageFile.objects.filter(message__thread__in=visible)
    return files.select_related("stored").get(pk=file_pk)


def newer_than(*, actor: Actor, uid: UUID, message_pk: int) -> bool:
    """Whether anything was said in a talk after a message; one query. Raises Thread.DoesNotExist."""
    newer = Message.objects.filter(thread=OuterRef("pk"), pk__gt=message_pk)
    found = Thread.objects.visible_to(actor).filter(uid=uid).values_list(Exists(newer), flat=True)
    if not found:
        raise Thread.DoesNotExist
    return bool(found[0])


def thread_about(*, actor: Actor, reference: str, holding_id: int, person_id: int | None) -> Thread | None:
    """The talk there is about a thing; one query."""
    threads = Thread.objects.visible_to(actor).filter(reference=reference, holding_id=holding_id)
    if person_id is None:
        return threads.filter(is_personal=False).first()
    return threads.filter(is_personal=True, started_by_id=person_id).first()


def is_overdue(thread: Thread, *, at: datetime) -> bool:
    return thread.answer_due_at is not None and thread.answer_due_at < at


def is_line_seen(actor: Actor, thread: Thread, message: Message) -> bool:
    """An event may need a right of its own: an invoice in the talk of an order is not for everybody."""
    if not message.permission or thread.legal_entity is None:
        return True
    return reaches(
        actor,
        Permission(message.permission),
        entity=thread.legal_entity,
        author_id=actor.user_id if actor.user_id in thread.thing_author_ids else None,
    )


def _unread(actor: Actor) -> Coalesce:
    """How many words of others the actor has not read; events are told by notices of their own."""
    read = ThreadReading.objects.filter(
        thread=OuterRef("thread"), user_id=actor.user_id or 0, read_at__gte=OuterRef("created_at")
    )
    heard = (
        Message.objects.filter(thread=OuterRef("pk"), side__in=_heard(actor))
        .exclude(author_id=actor.user_id)
        .filter(~Exists(read))
        .values("thread")
    )
    return Coalesce(Subquery(heard.annotate(number=Count("pk")).values("number")), 0)


def _heard(actor: Actor) -> list[Side]:
    return [Side.SELLER, Side.CLIENT] if actor.is_client else [Side.CLIENT]


def _is_heard(actor: Actor, message: Message) -> bool:
    return message.side in _heard(actor) and message.author_id != actor.user_id


def _last() -> QuerySet[Message, Any]:
    words = Message.objects.filter(thread=OuterRef("pk")).exclude(side=Side.SYSTEM)
    return words.order_by("-created_at", "-pk").values("text")[:1]


def _name(message: Message) -> str:
    return "" if message.author is None else message.author.get_full_name()
