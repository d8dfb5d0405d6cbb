"""Which other cities could be given goods that this one lacks."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

_ELSEWHERE = """
SELECT stock.sku_id, city.id, city.name, sum(greatest(stock.free - stock.reserved, 0)),
       sum(floor(greatest(stock.free - stock.reserved, 0))), max(serves.delivery_days)
  FROM catalog_stock stock
  JOIN catalog_warehouse warehouse ON warehouse.id = stock.warehouse_id AND warehouse.is_active
  JOIN catalog_citywarehouse serves ON serves.warehouse_id = warehouse.id
  JOIN catalog_city city ON city.id = serves.city_id AND city.is_active
 WHERE stock.sku_id = ANY(%s) AND city.id <> %s AND stock.free > stock.reserved
   AND warehouse.id NOT IN (SELECT warehouse_id FROM catalog_citywarehouse WHERE city_id = %s)
 GROUP BY stock.sku_id, city.id
 ORDER BY stock.sku_id, max(serves.delivery_days), city.position, city.id
"""


@dataclass(frozen=True, slots=True)
class CityStock:
    """What a city can be given of a sku, in base units; `whole` counts whole ones of each warehouse only.

    Warehouses that serve the asking city too are not counted: it has had what they hold. `days` is until
    the farthest of the others has brought it.
    """

    city_id: int
    city: str
    available: Decimal
    whole: Decimal
    days: int


def stock_elsewhere(*, sku_ids: Collection[int], city_id: int) -> dict[int, list[CityStock]]:
    """Other open cities that have any of each sku, the quickest first; one query, none for no skus."""
    found: dict[int, list[CityStock]] = {}
    if not sku_ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, [list(sku_ids), city_id, city_id])
        for sku_id, *told in cursor.fetchall():
            found.setdefault(sku_id, []).append(CityStock(*told))
    return found
