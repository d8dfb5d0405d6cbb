"""Schedules of saved carts: their days to come, and which of them are due."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from counterparties.actor import Actor
from finance.workdays import work_days
from orders.models import Cart, OrderSchedule
from orders.rhythm import Rhythm

MOST_DAYS_BEFORE = 30
SHOWN = 6


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of the schedule; goods are wanted on `works_on`, later than `day` where that is one of rest."""

    day: date
    works_on: date
    is_skipped: bool


def rhythm_of(schedule: OrderSchedule) -> Rhythm:
    """The schedule's own days."""
    return Rhythm(
        starts_on=schedule.starts_on,
        ends_on=schedule.ends_on,
        weekdays=tuple(schedule.weekdays),
        every_weeks=schedule.every_weeks,
        month_day=schedule.month_day,
    )


def schedule_of(cart: Cart, *, actor: Actor) -> OrderSchedule | None:
    """The schedule of one's own saved cart; one query."""
    return OrderSchedule.objects.visible_to(actor).filter(template=cart).first()


def planned_days(schedule: OrderSchedule) -> list[PlannedDay]:
    """The next few days from the one that waits; one query."""
    skipped, calendar = set(schedule.skipped), work_days(since=schedule.next_date)
    return [
        PlannedDay(day, calendar.from_day(day), day in skipped)
        for day in islice(rhythm_of(schedule).days_from(schedule.next_date), SHOWN)
    ]


def schedules_due(*, on: date) -> list[int]:
    """Keys of schedules whose day has come near enough; one query."""
    rows = OrderSchedule.objects.filter(
        is_paused=False, next_date__lte=on + timedelta(days=MOST_DAYS_BEFORE)
    ).order_by("pk")
    return [row.pk for row in rows if is_due(row, on=on)]


def is_due(schedule: OrderSchedule, *, on: date) -> bool:
    return not schedule.is_paused and schedule.next_date - timedelta(days=schedule.days_before) <= on
