"""What lies in the warehouses that serve a city."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.db.models import F

from catalog.models import City, Stock

NOTHING = Decimal(0)


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


def availability(*, sku_ids: Collection[int], city: City | None) -> dict[int, list[WarehouseStock]]:
    """Stock per sku in the city's warehouses, in the city's order of them; one query.

    A sku that none of them knows is absent; one that has run out is there with nought.
    """
    found: dict[int, list[WarehouseStock]] = {}
    if city is None or not sku_ids:
        return found
    rows = (
        Stock.objects.filter(sku_id__in=sku_ids, warehouse__serves__city=city, warehouse__is_active=True)
        .annotate(
            name=F("warehouse__name"),
            delivery_days=F("warehouse__serves__delivery_days"),
            cutoff_time=F("warehouse__serves__cutoff_time"),
        )
        .order_by("sku_id", "warehouse__serves__position", "warehouse__name", "warehouse_id")
        .values(
            "sku_id", "warehouse_id", "name", "free", "reserved", "delivery_days", "cutoff_time",
            "expected", "expected_date",
        )
    )  # fmt: skip
    for row in rows:
        stock = WarehouseStock(
            warehouse_id=row["warehouse_id"],
            warehouse=row["name"],
            available=max(row["free"] - row["reserved"], NOTHING),
            delivery_days=row["delivery_days"],
            cutoff_time=row["cutoff_time"],
            expected=row["expected"],
            expected_date=row["expected_date"],
        )
        found.setdefault(row["sku_id"], []).append(stock)
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
