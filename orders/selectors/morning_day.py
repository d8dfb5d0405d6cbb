"""What an employee's clients have ordered this month, and where their orders stand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from counterparties.actor import Actor
from orders.models import Order
from orders.selectors.morning import PROMISES
from orders.selectors.stuck import StuckRow
from orders.states import GIVEN_UP, OrderState
from portal.lib.dates import MOSCOW

ZERO = Decimal("0.00")
ROUBLE = "RUB"
_UNDER_WAY = (
    OrderState.ON_APPROVAL,
    OrderState.SUBMITTED,
    OrderState.ON_HOLD,
    OrderState.CONFIRMED,
    OrderState.RESERVED,
    OrderState.PARTLY_SHIPPED,
)


@dataclass(frozen=True, slots=True)
class StageRow:
    """Orders in one state: how many, for how much (RUB with VAT), and how many stand longer than promised."""

    state: str
    label: str
    count: int
    total: Decimal
    late: int


def overdue_rows(rows: Iterable[StuckRow], *, at: datetime) -> list[StuckRow]:
    """Of orders that stand those that do so for longer than was promised."""
    promised = dict(PROMISES)
    return [row for row in rows if at - row.stands.since >= promised.get(row.stands.kind, at - at)]


def stage_rows(*, actor: Actor, late: Iterable[StuckRow]) -> list[StageRow]:
    """Orders under way by state, in the order of their life; one query."""
    counted = Counter(row.order.state for row in late)
    rows = (
        Order.objects.visible_to(actor)
        .filter(state__in=_UNDER_WAY)
        .values_list("state")
        .annotate(Count("pk"), Sum("total"))
        .order_by()
    )
    told = {state: (count, total) for state, count, total in rows}
    return [
        StageRow(state, str(state.label), *told[state], counted[state])
        for state in _UNDER_WAY
        if state in told
    ]


@dataclass(frozen=True, slots=True)
class ClientSum:
    """What one client has ordered, RUB with VAT."""

    holding_id: int
    name: str
    orders: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class MonthFact:
    """Orders of a month so far by Moscow day, and the clients with most of them; those given up left out."""

    month: date
    days: dict[date, Decimal]
    clients: tuple[ClientSum, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.days.values(), ZERO)


def month_fact(*, actor: Actor, on: date, most: int = 10) -> MonthFact:
    """Sums of orders that the employee's clients placed in the month of a day; two queries."""
    first = on.replace(day=1)
    orders = (
        Order.objects.visible_to(actor)
        .filter(
            currency=ROUBLE,
            submitted_at__gte=datetime.combine(first, time(), tzinfo=MOSCOW),
            submitted_at__lt=datetime.combine(_next_month(first), time(), tzinfo=MOSCOW),
        )
        .exclude(state__in=GIVEN_UP)
        .order_by()
    )
    days = orders.annotate(day=TruncDate("submitted_at", tzinfo=MOSCOW)).values_list("day")
    told = dict(days.annotate(Sum("total")))
    clients = (
        orders.values_list("holding_id", "holding__name")
        .annotate(Count("pk"), sum_=Sum("total"))
        .order_by("-sum_", "holding_id")
    )
    return MonthFact(
        month=first,
        days={first.replace(day=day): told.get(first.replace(day=day), ZERO) for day in range(1, on.day + 1)},
        clients=tuple(ClientSum(*row) for row in clients[:most]),
    )


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
