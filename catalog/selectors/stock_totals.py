"""How much of many goods a city can be given, all its warehouses together."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from catalog.models import City

_TOTALS = """
SELECT stock.sku_id, sum(greatest(stock.free - stock.reserved, 0)),
       sum(floor(greatest(stock.free - stock.reserved, 0)))
  FROM catalog_stock stock
  JOIN catalog_warehouse warehouse ON warehouse.id = stock.warehouse_id AND warehouse.is_active
  JOIN catalog_citywarehouse serves ON serves.warehouse_id = warehouse.id AND serves.city_id = %s
 WHERE stock.sku_id = ANY(%s)
 GROUP BY stock.sku_id
"""


@dataclass(frozen=True, slots=True)
class StockTotal:
    """In base units; `whole` counts each warehouse's whole ones only: half a piece cannot be sold."""

    available: Decimal
    whole: Decimal


def stock_totals(*, sku_ids: Collection[int], city: City) -> dict[int, StockTotal]:
    """Totals by sku; what no warehouse of the city knows is absent; one query, none for no skus."""
    if not sku_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [city.pk, list(sku_ids)])
        return {sku_id: StockTotal(*sums) for sku_id, *sums in cursor.fetchall()}
