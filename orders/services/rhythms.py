"""How often clients buy their goods, counted for the manager's morning."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from orders.models import PurchaseRhythm
from orders.states import GIVEN_UP

REMEMBERED_DAYS = 730
"""What was bought earlier says nothing of today."""
LEAST_TIMES = 3
"""Days of purchase that make a rhythm."""
ALLOWANCE_PERCENT = 30
"""By how much of the usual interval a client may be late before his manager is told."""

# Of an order that was made here its own lines count, whatever 1C changed in it: this is about habits.
# The interval is the median of the days between dates, halves up; the usual quantity one that was ordered.
_COUNT = """
WITH bought AS (
    SELECT orders.holding_id, line.sku_id, orders.id AS order_id, orders.submitted_at, line.quantity,
           CASE WHEN orders.is_vat_included OR line.vat_percent IS NULL THEN line.price
                ELSE round(line.gross / line.quantity, 4) END AS price
      FROM orders_orderline line
      JOIN orders_orderpart part ON part.id = line.part_id AND NOT part.is_cancelled
      JOIN orders_order orders ON orders.id = part.order_id
     WHERE {orders} AND line.quantity > 0
     UNION ALL
    SELECT orders.holding_id, line.sku_id, orders.id, orders.submitted_at, line.quantity, line.price
      FROM orders_erpline line
      JOIN orders_orderpart part ON part.id = line.part_id AND NOT part.is_cancelled
      JOIN orders_order orders ON orders.id = part.order_id AND orders.origin = 'erp'
     WHERE {orders} AND line.sku_id IS NOT NULL AND line.quantity > 0 AND NOT line.is_cancelled
), purchase AS (
    SELECT holding_id, sku_id, order_id, submitted_at, sum(quantity) AS quantity, max(price) AS price,
           (submitted_at AT TIME ZONE 'Europe/Moscow')::date AS day
      FROM bought GROUP BY holding_id, sku_id, order_id, submitted_at
), habit AS (
    SELECT holding_id, sku_id, max(day) AS last_on,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity) AS usual,
           (array_agg(price ORDER BY submitted_at DESC, order_id DESC))[1] AS last_price
      FROM purchase GROUP BY holding_id, sku_id HAVING count(DISTINCT day) >= %(times)s
), gap AS (
    SELECT holding_id, sku_id, day - lag(day) OVER (PARTITION BY holding_id, sku_id ORDER BY day) AS days
      FROM (SELECT DISTINCT holding_id, sku_id, day FROM purchase) AS dates
), rhythm AS (
    SELECT holding_id, sku_id, floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY days) + 0.5)::int AS days
      FROM gap WHERE days IS NOT NULL GROUP BY holding_id, sku_id
)
INSERT INTO orders_purchaserhythm (holding_id, sku_id, days, usual, last_price, last_on, broken_from)
SELECT holding_id, sku_id, days, usual, last_price, last_on,
       last_on + days + days * %(allowance)s / 100 + 1
  FROM habit JOIN rhythm USING (holding_id, sku_id)
"""
_ALL = (
    "orders.submitted_at > %(since)s AND orders.submitted_at <= %(at)s AND orders.state <> ALL(%(given_up)s)"
)
_OF_THESE = f"{_ALL} AND orders.holding_id = ANY(%(holdings)s)"


@transaction.atomic
def rhythms_count(*, at: datetime, holding_ids: Collection[int] | None = None) -> int:
    """Count rhythms anew, of all clients or of the named ones; return how many there are.

    `broken_from` is the first day past the usual interval and its allowance. Idempotent. Two statements
    however many orders there are; counts of the same clients wait for each other.
    """
    told: dict[str, Any] = {
        "at": at,
        "since": at - timedelta(days=REMEMBERED_DAYS),
        "given_up": sorted(GIVEN_UP),
        "times": LEAST_TIMES,
        "allowance": ALLOWANCE_PERCENT,
        "holdings": sorted(holding_ids or ()),
    }
    known = PurchaseRhythm.objects.all()
    if holding_ids is not None:
        known = known.filter(holding__in=holding_ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('orders.rhythms'))")
        known.delete()
        cursor.execute(_COUNT.format(orders=_ALL if holding_ids is None else _OF_THESE), told)
        return int(cursor.rowcount)
