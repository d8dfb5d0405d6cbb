"""What lies in the warehouses that serve a city."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.db import connection

from catalog.models import City

NOTHING = Decimal(0)


_AVAILABLE = """
SELECT stock.sku_id, warehouse.id, warehouse.name, greatest(stock.free - stock.reserved, 0),
       serves.delivery_days, serves.cutoff_time, stock.expected, stock.expected_date
  FROM catalog_stock stock
  JOIN catalog_warehouse warehouse ON warehouse.id = stock.warehouse_id AND warehouse.is_active
  JOIN catalog_citywarehouse serves ON serves.warehouse_id = warehouse.id AND serves.city_id = %s
 WHERE stock.sku_id = ANY(%s) AND (%s::bigint[] IS NULL OR warehouse.id = ANY(%s::bigint[]))
 ORDER BY stock.sku_id, serves.position, warehouse.name, warehouse.id
"""


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """What one warehouse can give to a city.

    `available` is in base units: 1C's free stock less what the portal has taken orders for, never
    below nought. `expected` is on its way there, `expected_date` is None where 1C did not say when.
    An order after `cutoff_time` (by the clock of Moscow, None: no limit) leaves a day later.
    """

    warehouse_id: int
    warehouse: str
    available: Decimal
    delivery_days: int
    cutoff_time: time | None = None
    expected: Decimal = NOTHING
    expected_date: date | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What comes next to the warehouses of a city; without a date nobody knows when."""

    quantity: Decimal
    on: date | None


def availability(
    *, sku_ids: Collection[int], city: City | None, warehouse_ids: Collection[int] | None = None
) -> dict[int, list[WarehouseStock]]:
    """Stock per sku in the city's warehouses, in the city's order of them; one query.

    With `warehouse_ids` of those alone: a buyer may not take goods everywhere. A sku that none of them
    knows is absent; one that has run out is there with nought.
    """
    found: dict[int, list[WarehouseStock]] = {}
    if city is None or not sku_ids:
        return found
    with connection.cursor() as cursor:
        only = None if warehouse_ids is None else list(warehouse_ids)
        cursor.execute(_AVAILABLE, [city.pk, list(sku_ids), only, only])
        for sku_id, *told in cursor.fetchall():
            found.setdefault(sku_id, []).append(WarehouseStock(*told))
    return found


def next_arrival(stocks: Iterable[WarehouseStock], *, on: date) -> Arrival | None:
    """What comes first; all that comes on that day together. A date that has passed counts as none."""
    comes: dict[date | None, Decimal] = {}
    for stock in stocks:
        if stock.expected > 0:
            day = stock.expected_date if stock.expected_date and stock.expected_date >= on else None
            comes[day] = comes.get(day, NOTHING) + stock.expected
    if not comes:
        return None
    first = min(comes, key=lambda day: day or date.max)
    return Arrival(quantity=comes[first], on=first)


def available_total(stocks: Iterable[WarehouseStock]) -> Decimal:
    """Sum over warehouses, in base units."""
    return sum((stock.available for stock in stocks), NOTHING)
