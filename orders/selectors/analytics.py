"""What was bought, by month, firm, section and person; how well it was served. Sums in RUB with VAT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from counterparties.actor import Actor
from orders.models import Order, OrderServed
from orders.states import GIVEN_UP, OrderState
from portal.lib.dates import MOSCOW

NOT_BOUGHT = GIVEN_UP | {OrderState.ON_APPROVAL}
COUNTED = tuple(state.value for state in OrderState if state not in NOT_BOUGHT)
"""States of orders that count: sent and not given up."""
FINISHED = (OrderState.SHIPPED, OrderState.COMPLETED)
MOST_SECTIONS = 15
_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Period:
    """Moscow days, both inclusive; narrowed to a legal entity where one is named."""

    since: date
    until: date
    legal_entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A row of a table: what, how much of it, in how many orders; `key` is the id where there is one."""

    title: str
    total: Decimal
    orders: int
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day."""

    start: date
    total: Decimal
    orders: int

    @property
    def last(self) -> date:
        following = (self.start.replace(day=28) + timedelta(days=4)).replace(day=1)
        return following - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Service:
    """How well orders were served; percents 0-100, None where nothing can be said."""

    fill_percent: Decimal | None
    on_time_percent: Decimal | None
    parts: int
    saved: Decimal
    saved_of: Decimal


def orders_counted(actor: Actor, period: Period) -> QuerySet[Order]:
    """Orders of the period that the actor sees, in roubles, sent and not given up."""
    orders = Order.objects.visible_to(actor).filter(
        currency="RUB",
        state__in=COUNTED,
        submitted_at__gte=day_begins(period.since),
        submitted_at__lt=day_begins(period.until + timedelta(days=1)),
    )
    if period.legal_entity_id is not None:
        orders = orders.filter(legal_entity_id=period.legal_entity_id)
    return orders


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time(), MOSCOW)


def months_bought(orders: QuerySet[Order], period: Period) -> list[Month]:
    """Every month of the period, those without orders, too; one query."""
    rows = (
        orders.annotate(month=TruncMonth("submitted_at", tzinfo=MOSCOW))
        .values_list("month")
        .annotate(total=Sum("total"), count=Count("pk"))
        .order_by()
    )
    found = {month.date().replace(day=1): (total, count) for month, total, count in rows}
    return [Month(start, *found.get(start, (_NONE, 0))) for start in months_of(period)]


def months_of(period: Period) -> list[date]:
    """The first days of all months that the period touches."""
    starts, start = [], period.since.replace(day=1)
    while start <= period.until:
        starts.append(start)
        start = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return starts


def entities_bought(orders: QuerySet[Order]) -> list[Share]:
    """By legal entity, the largest first; one query."""
    return _shares(orders, "legal_entity_id", "legal_entity__name")


def people_bought(orders: QuerySet[Order], *, nobody: str) -> list[Share]:
    """By who ordered, the largest first; orders of 1C have nobody here. One query."""
    return _shares(orders, "created_by_id", "created_by__full_name", nobody=nobody)


def _shares(orders: QuerySet[Order], key: str, name: str, *, nobody: str = "–") -> list[Share]:
    rows = orders.values_list(key, name).annotate(sum=Sum("total"), count=Count("pk")).order_by("-sum", key)
    return [Share(title or nobody, total, count, pk) for pk, title, total, count in rows]


_SECTIONS = """
WITH line AS MATERIALIZED (
    SELECT told.order_id, sku.product_id, sum(told.gross) AS gross
      FROM ({lines}) AS told LEFT JOIN catalog_sku sku ON sku.id = told.sku_id
     GROUP BY told.order_id, sku.product_id
), place AS (
    SELECT lies.product_id, min(lies.section_id) AS section_id
      FROM catalog_productsection lies
      JOIN catalog_section section ON section.id = lies.section_id
      JOIN catalog_classifier classifier ON classifier.id = section.classifier_id
     WHERE lies.product_id IN (SELECT product_id FROM line) AND classifier.kind <> 'brands'
     GROUP BY lies.product_id
)
SELECT place.section_id, coalesce(section.name, ''), sum(line.gross), count(DISTINCT line.order_id)
  FROM line
  LEFT JOIN place ON place.product_id = line.product_id
  LEFT JOIN catalog_section section ON section.id = place.section_id
 GROUP BY place.section_id, section.name
 ORDER BY sum(line.gross) DESC, place.section_id
"""
# Of an order that was made here its own lines count; of 1C's order, what 1C holds.
_LINES = """
SELECT part.order_id, line.sku_id, line.quantity, line.gross
  FROM orders_orderline line JOIN orders_orderpart part ON part.id = line.part_id
 WHERE part.order_id IN ({orders}) AND NOT part.is_cancelled
 UNION ALL
SELECT part.order_id, line.sku_id, line.quantity, line.gross
  FROM orders_erpline line
  JOIN orders_orderpart part ON part.id = line.part_id
  JOIN orders_order orders ON orders.id = part.order_id AND orders.origin = 'erp'
 WHERE part.order_id IN ({orders}) AND NOT part.is_cancelled AND NOT line.is_cancelled
"""


def sections_bought(orders: QuerySet[Order], *, rest: str) -> list[Share]:
    """Lines by section of the catalogue, the largest first; beyond fifteen together. One query."""
    rows = _rows(_SECTIONS, orders, doubled=True)
    known = [Share(name or rest, total, count, pk) for pk, name, total, count in rows if pk is not None]
    others = [Share(rest, total, count) for pk, _name, total, count in rows if pk is None]
    others += known[MOST_SECTIONS:]
    shares = known[:MOST_SECTIONS]
    if others:
        total = sum((one.total for one in others), _NONE)
        shares.append(Share(rest, total, sum(one.orders for one in others)))
    return shares


def service_of(orders: QuerySet[Order]) -> Service:
    """How much of what was asked for was sent, how often in time, and what was saved; one query.

    As it was counted last night: an order of today says nothing yet. Filled are finished orders: what was
    sent of each line, in money at the price of the line. In time is a part that left by its planned day.
    Saved is against the base price list of that night, of goods that stand in it.
    """
    told = OrderServed.objects.filter(order__in=orders.order_by()).aggregate(
        asked=Sum("asked", default=_NONE),
        sent=Sum("sent", default=_NONE),
        listed=Sum("listed", default=_NONE),
        paid=Sum("paid", default=_NONE),
        parts=Sum("parts", default=0),
        in_time=Sum("parts_in_time", default=0),
    )
    return Service(
        fill_percent=percent_of(told["sent"], told["asked"]),
        on_time_percent=percent_of(Decimal(told["in_time"]), Decimal(told["parts"])),
        parts=told["parts"],
        saved=told["listed"] - told["paid"],
        saved_of=told["listed"],
    )


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """0-100 with one digit; None of nothing."""
    return None if not whole else (part * 100 / whole).quantize(Decimal("0.1"))


def _rows(sql: str, orders: QuerySet[Order], *, doubled: bool = False) -> Sequence[tuple[Any, ...]]:
    """Run SQL over the orders; `doubled`: it has the lines, which name the orders twice."""
    try:
        text, parameters = orders.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # the actor sees no orders at all
        text, parameters = "SELECT 0 WHERE false", ()
    lines = _LINES.format(orders=text)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(orders=text, lines=lines), [*parameters] * (2 if doubled else 1))
        return list(cursor.fetchall())
