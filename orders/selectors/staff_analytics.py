"""How the clients of an employee buy: against the year before, by whose hand, what they asked for in vain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from counterparties.actor import Actor
from counterparties.models import Holding
from orders.models import ArrivalWatch
from orders.selectors.analytics import Month, Period, day_begins, months_of, orders_counted
from orders.states import OrderOrigin
from portal.lib.dates import MOSCOW

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


def months_and_hands(*, actor: Actor, period: Period) -> tuple[list[MonthBeside], list[Hands]]:
    """Each month of the period beside the one a year before, and by whose hand its orders came; one query.

    Months without orders have no hands.
    """
    past = Period(_year_before(period.since), _year_before(period.until))
    is_now, is_past = _within(period), _within(past)
    is_own = is_now & Q(origin=OrderOrigin.PORTAL)
    rows = (
        orders_counted(actor, Period(past.since, period.until))
        .filter(is_now | is_past)
        .annotate(month=TruncMonth("submitted_at", tzinfo=MOSCOW))
        .values_list("month")
        .annotate(
            sum_now=Sum("total", filter=is_now, default=_NONE),
            count_now=Count("pk", filter=is_now),
            before=Sum("total", filter=is_past, default=_NONE),
            alone=Count("pk", filter=is_own & Q(acting_user=None)),
            handed=Count("pk", filter=is_own & ~Q(acting_user=None)),
            in_erp=Count("pk", filter=is_now & Q(origin=OrderOrigin.ERP)),
        )
        .order_by("month")
    )
    told = {month.date(): tuple(sums) for month, *sums in rows}
    months = [
        MonthBeside(Month(start, *_sums(told, start)[:2]), _sums(told, _year_before(start))[2])
        for start in months_of(period)
    ]
    hands = [Hands(start, *sums[3:]) for start, sums in told.items() if sums[1]]
    return months, hands


_Told = tuple[Decimal, int, Decimal, int, int, int]


def _sums(told: Mapping[date, _Told], start: date) -> _Told:
    return told.get(start, (_NONE, 0, _NONE, 0, 0, 0))


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
