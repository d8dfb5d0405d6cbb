"""Moves of a request of prices: locked, checked against the table, written down and told."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from counterparties.actor import Actor
from finance.workdays import work_days
from orders.events import QuoteMoved
from orders.models import Quote, QuoteStep
from orders.quote_states import QUOTE_TRANSITIONS, QuoteState, require_quote_step
from portal.lib.dates import MOSCOW
from portal.outbox import publish

_OPENS, _CLOSES = time(9), time(18)


def quote_locked(actor: Actor, quote_id: int) -> Quote:
    """A request that the actor sees, locked. Raises Quote.DoesNotExist."""
    return Quote.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=quote_id)


def quote_move(
    quote: Quote,
    target: QuoteState,
    *,
    actor: Actor | None,
    at: datetime,
    comment: str = "",
    due: datetime | None = None,
    table: Mapping[str, frozenset[QuoteState]] = QUOTE_TRANSITIONS,
) -> None:
    """Take a locked request one step further; the caller has set what else belongs to the state.

    `due` is when a waiting one is to be answered, if not in a working day from now. Raises WrongState.
    """
    require_quote_step(quote.state, target, table=table)
    quote.state = target
    quote.answer_due_at = (due or answer_due(at)) if quote.is_waiting else None
    quote.save(update_fields=["state", "answer_due_at", "version", "valid_until", "taken_by", "order"])
    quote_step_note(quote, actor=actor, at=at, comment=comment)


def quote_step_note(quote: Quote, *, actor: Actor | None, at: datetime, comment: str = "") -> None:
    """Write the present state into the history and tell of it."""
    step = QuoteStep.objects.create(
        quote=quote,
        state=quote.state,
        version=quote.version,
        at=at,
        user_id=actor.user_id if actor else None,
        acting_user_id=actor.impersonator_id if actor else None,
        comment=comment,
    )
    publish(QuoteMoved(quote_id=quote.pk, step_id=step.pk, state=str(quote.state)))


def answer_due(at: datetime) -> datetime:
    """One working day from the moment, by the clock of Moscow: asked at 14:20, answered by 14:20.

    What comes outside of the hours from 9 to 18 counts from the next opening; one query.
    """
    now = at.astimezone(MOSCOW)
    calendar = work_days(since=now.date())
    taken_on, hour = now.date(), now.time()
    if hour >= _CLOSES:
        taken_on, hour = taken_on + timedelta(days=1), _OPENS
    first = calendar.from_day(taken_on)
    if first != taken_on or hour < _OPENS:
        hour = _OPENS
    return datetime.combine(calendar.later(first, 1), hour, tzinfo=MOSCOW)
