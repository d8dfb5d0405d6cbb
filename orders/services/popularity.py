"""How popular goods are: in how many orders of late each of them was, and how often it was opened."""

from datetime import datetime

from django.db import connection

from catalog.services.popularity import popularity_write
from orders.states import GIVEN_UP
from portal.lib.dates import moscow_date

HALF_LIFE_DAYS = 60.0
_FORGOTTEN_DAYS = 730
_DIGITS = 6
CLICK_WEIGHT = 0.05
MOST_CLICKS = 20
"""Clicks of a day beyond this count for nothing: a day of clicking weighs no more than one order."""

# One order counts once for a sku, however many warehouses it was split over; quantities are not compared:
# a thousand screws are no more popular than a boiler.
# Clicks are of products and count for each of their skus; days that are not over are left out, so that a
# repeat counts the same. Without any order they say nothing.
_SCORES = """
WITH ordered AS MATERIALIZED (
SELECT DISTINCT line.sku_id, orders.id,
       extract(epoch FROM %(at)s - orders.submitted_at)::float8 / 86400 AS age
  FROM orders_orderline line
  JOIN orders_orderpart part ON part.id = line.part_id
  JOIN orders_order orders ON orders.id = part.order_id
 WHERE orders.state <> ALL(%(given_up)s) AND orders.submitted_at <= %(at)s
   AND orders.submitted_at > %(at)s - make_interval(days => %(forgotten)s)
), told AS (
SELECT sku_id, power(0.5, age / %(half_life)s) AS score FROM ordered
 UNION ALL
SELECT sku.id, %(click)s * least(opened.clicks, %(most_clicks)s)
               * power(0.5, (%(today)s - opened.day)::float8 / %(half_life)s)
  FROM catalog_productclickday opened
  JOIN catalog_sku sku ON sku.product_id = opened.product_id AND NOT sku.is_hidden
 WHERE opened.day < %(today)s AND EXISTS (SELECT FROM ordered)
)
SELECT sku_id, sum(score)::float8 FROM told GROUP BY sku_id
"""


def popularity_count(*, at: datetime) -> int:
    """Score all goods anew: an order today is 1, one of 60 days ago a half; return how many changed.

    A click out of the search is a twentieth of an order and fades alike.
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
                "given_up": sorted(GIVEN_UP),
                "click": CLICK_WEIGHT,
                "most_clicks": MOST_CLICKS,
                "today": moscow_date(at),
            },
        )
        scores = {int(sku_id): float(f"{score:.{_DIGITS}f}") for sku_id, score in cursor.fetchall()}
    return popularity_write(scores) if scores else 0
