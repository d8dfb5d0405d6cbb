"""Orders that come again and again: a person sets, pauses and skips. Locks: gate, saved cart, schedule."""

from datetime import date, datetime, timedelta

from django.db import transaction

from counterparties.actor import Actor
from orders.models import Cart, OrderSchedule
from orders.refusals import NotSaved, ScheduleEmpty
from orders.rhythm import Rhythm
from orders.selectors.schedules import rhythm_of
from orders.services.carts import gathering_begin
from portal.lib.dates import moscow_date


@transaction.atomic
def schedule_set(
    *, actor: Actor, cart_id: int, rhythm: Rhythm, days_before: int, is_automatic: bool, at: datetime
) -> OrderSchedule:
    """Repeat one's own saved cart; a schedule that is there gets the new days, what was skipped stays.

    Raises AccessDenied, Cart.DoesNotExist, NotSaved (a current cart or a manager's draft), ScheduleEmpty.
    """
    gathering_begin(actor)
    cart = _template_locked(actor, cart_id)
    if cart.is_current or cart.drafted_by_id is not None:
        raise NotSaved
    known = OrderSchedule.objects.select_for_update().filter(template=cart).first()
    schedule = known or OrderSchedule(template=cart)
    since = _since(schedule, moscow_date(at))
    next_date = rhythm.first_from(since, skipped=frozenset(schedule.skipped))
    if next_date is None:
        raise ScheduleEmpty
    schedule.weekdays, schedule.every_weeks = sorted(rhythm.weekdays), rhythm.every_weeks
    schedule.month_day, schedule.days_before = rhythm.month_day, days_before
    schedule.starts_on, schedule.ends_on = rhythm.starts_on, rhythm.ends_on
    schedule.is_automatic, schedule.is_paused = is_automatic, False
    schedule.next_date = next_date
    schedule.save()
    return schedule


@transaction.atomic
def schedule_pause(*, actor: Actor, cart_id: int, is_paused: bool, at: datetime) -> OrderSchedule:
    """Let it rest, or take it up from today on; days that went by in between are not made up for.

    Raises AccessDenied, OrderSchedule.DoesNotExist, ScheduleEmpty (it has ended meanwhile).
    """
    schedule = schedule_locked(actor, cart_id)
    schedule.is_paused = is_paused
    if not is_paused:
        _move_on(schedule, max(schedule.next_date, moscow_date(at)))
    schedule.save(update_fields=["is_paused", "next_date"])
    return schedule


@transaction.atomic
def schedule_skip(*, actor: Actor, cart_id: int, day: date, at: datetime) -> OrderSchedule:
    """Leave out one day that is still to come. Idempotent.

    Raises AccessDenied, OrderSchedule.DoesNotExist, ScheduleEmpty (no such day, or none is left).
    """
    schedule = schedule_locked(actor, cart_id)
    if day < schedule.next_date or not rhythm_of(schedule).holds(day):
        raise ScheduleEmpty
    today = moscow_date(at)
    schedule.skipped = sorted({one for one in schedule.skipped if one >= today} | {day})
    _move_on(schedule, schedule.next_date)
    schedule.save(update_fields=["skipped", "next_date"])
    return schedule


@transaction.atomic
def schedule_stop(*, actor: Actor, cart_id: int) -> None:
    """Repeat the cart no longer; the cart itself stays. Raises AccessDenied, OrderSchedule.DoesNotExist."""
    schedule_locked(actor, cart_id).delete()


def schedule_locked(actor: Actor, cart_id: int) -> OrderSchedule:
    """Lock one's own saved cart, then its schedule."""
    gathering_begin(actor)
    try:
        cart = _template_locked(actor, cart_id)
    except Cart.DoesNotExist as error:
        raise OrderSchedule.DoesNotExist from error
    return OrderSchedule.objects.select_for_update().get(template=cart)


def _template_locked(actor: Actor, cart_id: int) -> Cart:
    return Cart.objects.owned_by(actor).select_for_update(of=("self",)).get(pk=cart_id)


def _move_on(schedule: OrderSchedule, since: date) -> None:
    following = rhythm_of(schedule).first_from(since, skipped=frozenset(schedule.skipped))
    if following is None:
        raise ScheduleEmpty
    schedule.next_date = following


def _since(schedule: OrderSchedule, today: date) -> date:
    """New days do not make again what has been made: a day lies as far ahead of its run as was asked for."""
    if schedule.last_run_at is None:
        return today
    done = moscow_date(schedule.last_run_at) + timedelta(days=schedule.days_before)
    return max(today, done + timedelta(days=1))
