"""How popular goods are: in how many orders of late each of them was."""

from datetime import datetime

from django.db import connection

from catalog.services.popularity import popularity_write
from orders.states import OrderState

HALF_LIFE_DAYS = 60.0
_FORGOTTEN_DAYS = 730
_DIGITS = 6

# One order counts once for a sku, however many warehouses it was split over; quantities are not compared:
# a thousand screws are no more popular than a boiler.
_SCORES = """
SELECT sku_id, sum(power(0.5, age / %(half_life)s))::float8
  FROM (SELECT DISTINCT line.sku_id, orders.id,
               extract(epoch FROM %(at)s - orders.submitted_at)::float8 / 86400 AS age
          FROM orders_orderline line
          JOIN orders_orderpart part ON part.id = line.part_id
          JOIN orders_order orders ON orders.id = part.order_id
         WHERE orders.state <> %(cancelled)s AND orders.submitted_at <= %(at)s
           AND orders.submitted_at > %(at)s - make_interval(days => %(forgotten)s)) ordered
 GROUP BY sku_id
"""


def popularity_count(*, at: datetime) -> int:
    """Score all goods anew: an order today is 1, one of 60 days ago a half; return how many changed.

    Without any order nothing is known, and what is there stays. Three statements however many orders
    there are. Idempotent for the same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SCORES,
            {
                "at": at,
                "half_life": HALF_LIFE_DAYS,
                "forgotten": _FORGOTTEN_DAYS,
                "cancelled": OrderState.CANCELLED,
            },
        )
        scores = {int(sku_id): float(f"{score:.{_DIGITS}f}") for sku_id, score in cursor.fetchall()}
    return popularity_write(scores) if scores else 0
