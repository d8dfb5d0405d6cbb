"""What lies in the warehouses that serve a city."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet

from catalog.models import City, CityWarehouse, Stock

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """What one warehouse can give to a city.

    `available` is in base units: 1C's free stock less what the portal has taken orders for, never
    below nought.
    """

    warehouse_id: int
    warehouse: str
    available: Decimal
    delivery_days: int


def availability(*, sku_ids: Collection[int], city: City | None) -> dict[int, list[WarehouseStock]]:
    """Stock per sku in the city's warehouses, in the city's order of them; one query.

    A sku that none of them knows is absent; one that has run out is there with nought.
    """
    found: dict[int, list[WarehouseStock]] = {}
    if city is None or not sku_ids:
        return found
    rows = (
        Stock.objects.filter(sku_id__in=sku_ids, warehouse__serves__city=city, warehouse__is_active=True)
        .annotate(delivery_days=F("warehouse__serves__delivery_days"), name=F("warehouse__name"))
        .order_by("sku_id", "warehouse__serves__position", "warehouse__name", "warehouse_id")
        .values_list("sku_id", "warehouse_id", "name", "free", "reserved", "delivery_days")
    )
    for sku_id, warehouse_id, name, free, reserved, days in rows:
        stock = WarehouseStock(
            warehouse_id=warehouse_id,
            warehouse=name,
            available=max(free - reserved, NOTHING),
            delivery_days=days,
        )
        found.setdefault(sku_id, []).append(stock)
    return found


def available_total(stocks: Iterable[WarehouseStock]) -> Decimal:
    """Sum over warehouses, in base units."""
    return sum((stock.available for stock in stocks), NOTHING)


def stock_available(city: City | None) -> QuerySet[Stock]:
    """Rows of stock that the city's warehouses can give now; for EXISTS over skus."""
    return city_stock(city).filter(free__gt=F("reserved"))


def city_stock(city: City | None) -> QuerySet[Stock]:
    """Rows of stock of the city's warehouses, run out or not."""
    if city is None:
        return Stock.objects.none()
    serving = CityWarehouse.objects.filter(city=city, warehouse__is_active=True)
    return Stock.objects.filter(warehouse__in=serving.values("warehouse_id"))
