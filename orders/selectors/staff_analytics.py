"""How the clients of an employee buy: against the year before, by whose hand, what they asked for in vain."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import add

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from counterparties.actor import Actor
from counterparties.models import Holding
from orders.models import ArrivalWatch
from orders.selectors.analytics import Month, Period, day_begins, months_of, orders_counted

FALL_DAYS, MOST_CLIENTS, MOST_WAITED = 90, 15, 15
_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """A month with the same one of the year before."""

    month: Month
    before: Decimal


@dataclass(frozen=True, slots=True)
class Hands:
    """Orders of a month by whose hand: the client alone, a manager in his cabinet, 1C."""

    start: date
    alone: int
    by_manager: int
    in_erp: int

    @property
    def alone_percent(self) -> int | None:
        whole = self.alone + self.by_manager + self.in_erp
        return (200 * self.alone + whole) // (2 * whole) if whole else None


@dataclass(frozen=True, slots=True)
class Falling:
    """A client who buys less in the last ninety days than in those before."""

    holding_id: int
    name: str
    now: Decimal
    before: Decimal

    @property
    def lost(self) -> Decimal:
        return self.before - self.now


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """Goods that clients wait for: asked for and not to be had."""

    product_id: int
    name: str
    people: int


# Cut off by OFFSET, spans are no column of the table: the planner expects few of them and counts in one pass,
# where by a month of each moment it would put all orders in order first.
_SPANS = """
SELECT span, sum(total), count(*),
       count(*) FILTER (WHERE origin = 'portal' AND acting_user_id IS NULL),
       count(*) FILTER (WHERE origin = 'portal' AND acting_user_id IS NOT NULL),
       count(*) FILTER (WHERE origin = 'erp')
  FROM (SELECT width_bucket(submitted_at, %s) AS span, total, origin, acting_user_id
          FROM ({orders}) AS orders OFFSET 0) AS told
 GROUP BY span
"""


def months_and_hands(*, actor: Actor, period: Period) -> tuple[list[MonthBeside], list[Hands]]:
    """Each month of the period beside the one a year before, and by whose hand its orders came; one query.

    Months without orders have no hands.
    """
    past = Period(_year_before(period.since), _year_before(period.until))
    now, before = _Sums(), _Sums()
    for start, told in _spans(actor, period, past):
        month = start.replace(day=1)
        if period.since <= start <= period.until:
            now.add(month, told)
        if past.since <= start <= past.until:
            before.add(month, told)
    months = [
        MonthBeside(Month(start, *now.of(start)[:2]), before.of(_year_before(start))[0])
        for start in months_of(period)
    ]
    hands = [Hands(start, *now.of(start)[2:]) for start in sorted(now.by_month)]
    return months, hands


_Told = tuple[Decimal, int, int, int, int]


class _Sums:
    """Sums of months: money, orders, those of the client alone, by a manager, of 1C."""

    def __init__(self) -> None:
        self.by_month: dict[date, _Told] = {}

    def of(self, month: date) -> _Told:
        return self.by_month.get(month, (_NONE, 0, 0, 0, 0))

    def add(self, month: date, told: _Told) -> None:
        money, *counts = map(add, self.of(month), told)
        self.by_month[month] = (money, *counts)


def _spans(actor: Actor, period: Period, past: Period) -> list[tuple[date, _Told]]:
    """Sums of both periods, by the first days of the spans into which months and their bounds cut them."""
    bounds = {day for one in (past, period) for day in (one.since, one.until + timedelta(days=1))}
    starts = sorted(bounds.union(*(months_of(one)[1:] for one in (past, period))))
    orders = orders_counted(actor, Period(past.since, period.until)).filter(_within(period) | _within(past))
    told = orders.order_by().values("submitted_at", "total", "origin", "acting_user_id")
    try:
        text, parameters = told.query.sql_with_params()
    except EmptyResultSet:  # the actor sees no orders at all
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SPANS.format(orders=text), [[day_begins(day) for day in starts], *parameters])
        return [(starts[span - 1], tuple(sums)) for span, *sums in cursor.fetchall()]


def _within(period: Period) -> Q:
    return Q(
        submitted_at__gte=day_begins(period.since),
        submitted_at__lt=day_begins(period.until + timedelta(days=1)),
    )


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def clients_falling(*, actor: Actor, on: date) -> list[Falling]:
    """Those who lost most, the last ninety days against the ninety before; one query."""
    middle = day_begins(on - timedelta(days=FALL_DAYS - 1))
    rows = (
        orders_counted(actor, falling_days(on))
        .values_list("holding_id", "holding__name")
        .annotate(
            now=Coalesce(Sum("total", filter=Q(submitted_at__gte=middle)), _NONE),
            before=Coalesce(Sum("total", filter=Q(submitted_at__lt=middle)), _NONE),
        )
    )
    found = [Falling(*row) for row in rows.order_by("holding_id")]
    falling = sorted((one for one in found if one.lost > 0), key=lambda one: (-one.lost, one.holding_id))
    return falling[:MOST_CLIENTS]


def falling_days(on: date) -> Period:
    """The days that `clients_falling` looks at."""
    return Period(on - timedelta(days=2 * FALL_DAYS - 1), on)


def goods_waited(*, actor: Actor) -> list[WaitedFor]:
    """What people of the employee's clients wait for, the most wanted first; one query."""
    people = Holding.objects.visible_to(actor).filter(memberships__is_active=True).values("memberships__user")
    rows = (
        ArrivalWatch.objects.filter(user__in=people)
        .values_list("sku__product_id", "sku__product__name")
        .annotate(people=Count("user", distinct=True))
        .order_by("-people", "sku__product_id")
    )
    return [WaitedFor(*row) for row in rows[:MOST_WAITED]]
