"""What is done with a talk besides writing: taken, handed over, closed, opened again, read."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services.page_notices import page_notices_read
from counterparties.actor import Actor
from counterparties.models import Thread, ThreadState
from counterparties.selectors.managers import managers_of_holding
from counterparties.services.threads import event_add, reading_note, require_voice, thread_locked
from counterparties.talk_refusals import AlreadySo, NotServing, TakenByAnother
from portal.lib.dates import moscow_date


@transaction.atomic
def thread_take(*, actor: Actor, thread_id: int, at: datetime) -> Thread:
    """A manager answers for the talk from now on. Idempotent for himself.

    Raises AccessDenied, Thread.DoesNotExist, TakenByAnother.
    """
    thread = _staff_locked(actor, thread_id)
    if thread.taken_by_id == actor.user_id:
        return thread
    if thread.taken_by_id is not None:
        raise TakenByAnother(User.objects.get(pk=thread.taken_by_id).get_full_name())
    return _given(thread, User.objects.get(pk=actor.user_id or 0), actor=actor, at=at)


@transaction.atomic
def thread_hand_over(*, actor: Actor, thread_id: int, user_id: int, at: datetime) -> Thread:
    """Give the talk to a colleague who serves the client, or stands in for one who does. Idempotent.

    Raises AccessDenied, Thread.DoesNotExist, NotServing.
    """
    thread = _staff_locked(actor, thread_id)
    heirs = colleagues_for(thread.holding_id, on=moscow_date(at))
    heir = next((one for one in heirs if one.pk == user_id), None)
    if heir is None:
        raise NotServing
    if thread.taken_by_id == heir.pk:
        return thread
    return _given(thread, heir, actor=actor, at=at)


def colleagues_for(holding_id: int, *, on: date) -> list[User]:
    """Who may answer the client's talks on the day; one query."""
    people = {}
    for one in managers_of_holding(holding_id, on=on):
        people[one.user.pk] = one.user
        people[one.answering.pk] = one.answering
    return list(people.values())


@transaction.atomic
def thread_close(*, actor: Actor, thread_id: int, at: datetime) -> Thread:
    """Say that all is said; either side may. Raises AccessDenied, Thread.DoesNotExist, AlreadySo."""
    thread = _open_or_closed(actor, thread_id, ThreadState.OPEN)
    thread.state, thread.client_waits_since, thread.answer_due_at = ThreadState.CLOSED, None, None
    thread.save(update_fields=["state", "client_waits_since", "answer_due_at"])
    event_add(thread, title=_("Вопрос закрыт"), author_id=actor.user_id, at=at)
    return thread


@transaction.atomic
def thread_reopen(*, actor: Actor, thread_id: int, at: datetime) -> Thread:
    """Go on with a closed talk. Raises AccessDenied, Thread.DoesNotExist, AlreadySo."""
    thread = _open_or_closed(actor, thread_id, ThreadState.CLOSED)
    thread.state = ThreadState.OPEN
    thread.save(update_fields=["state"])
    event_add(thread, title=_("Вопрос открыт снова"), author_id=actor.user_id, at=at)
    return thread


@transaction.atomic
def thread_read(*, actor: Actor, thread: Thread, upto: datetime, address: str, at: datetime) -> None:
    """Note that the actor has seen the talk up to a moment, and the notices that lead to it.

    One who looks in another's name reads nothing for him.
    """
    if actor.user_id is None or actor.impersonator_id is not None or actor.is_read_only:
        return
    reading_note(thread, user_id=actor.user_id, upto=upto)
    page_notices_read(user_id=actor.user_id, address=address, at=at)


def _staff_locked(actor: Actor, thread_id: int) -> Thread:
    actor.require(Permission.CLIENT_SERVE)
    return thread_locked(actor, thread_id)


def _open_or_closed(actor: Actor, thread_id: int, state: ThreadState) -> Thread:
    require_voice(actor)
    thread = thread_locked(actor, thread_id)
    if thread.state != state:
        raise AlreadySo
    return thread


def _given(thread: Thread, user: User, *, actor: Actor, at: datetime) -> Thread:
    thread.taken_by = user
    thread.save(update_fields=["taken_by"])
    title = _("Отвечает {name}").format(name=user.get_full_name())
    event_add(thread, title=title, author_id=actor.user_id, at=at)
    return thread
