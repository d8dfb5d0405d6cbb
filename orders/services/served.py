"""How well each order was served, counted every night: charts of many clients only add it up."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from orders.selectors.analytics import COUNTED, FINISHED
from portal.lib.dates import moscow_date

_ORDERS = """
SELECT id, origin, state = ANY(%(finished)s) AS is_finished FROM orders_order
 WHERE currency = 'RUB' AND state = ANY(%(counted)s) AND submitted_at <= %(at)s
"""
# Filled: what was sent of each line, in money at its price; a part of which 1C told no rows counts as its
# lines stand. Saved: of an order that was made here its own lines, of 1C's order what 1C holds. In time is a
# part that left by its planned day; late is also one that should have.
_COUNT = """
WITH counted AS MATERIALIZED ({orders}), line AS (
    SELECT part.order_id, line.part_id, line.sku_id, sum(line.quantity) AS kept, max(line.price) AS price,
           sum(coalesce(line.quantity_before, line.quantity)) AS asked,
           bool_or(part.is_cancelled) AS is_cancelled
      FROM counted
      JOIN orders_orderpart part ON part.order_id = counted.id
      JOIN orders_orderline line ON line.part_id = part.id
     WHERE counted.is_finished
     GROUP BY part.order_id, line.part_id, line.sku_id
), gone AS MATERIALIZED (
    SELECT document.part_id, row.sku_id, sum(row.quantity) AS quantity
      FROM orders_erpdocument document JOIN orders_erpdocumentline row ON row.document_id = document.id
     WHERE document.kind = 'shipment' AND NOT document.is_deleted
     GROUP BY document.part_id, row.sku_id
), told AS (SELECT DISTINCT part_id FROM gone), filled AS (
    SELECT line.order_id, round(sum(line.asked * line.price), 2) AS asked,
           round(sum(line.price * CASE WHEN line.is_cancelled THEN 0
                                       WHEN told.part_id IS NULL THEN line.kept
                                       ELSE least(line.asked, coalesce(gone.quantity, 0)) END), 2) AS sent
      FROM line
      LEFT JOIN told ON told.part_id = line.part_id
      LEFT JOIN gone ON gone.part_id = line.part_id AND gone.sku_id = line.sku_id
     GROUP BY line.order_id
), bought AS (
    SELECT part.order_id, line.sku_id, line.quantity, line.gross
      FROM counted
      JOIN orders_orderpart part ON part.order_id = counted.id AND NOT part.is_cancelled
      JOIN orders_orderline line ON line.part_id = part.id
     UNION ALL
    SELECT part.order_id, line.sku_id, line.quantity, line.gross
      FROM counted
      JOIN orders_orderpart part ON part.order_id = counted.id AND NOT part.is_cancelled
      JOIN orders_erpline line ON line.part_id = part.id AND NOT line.is_cancelled
     WHERE counted.origin = 'erp'
), price AS MATERIALIZED (
    SELECT DISTINCT ON (price.sku_id) price.sku_id,
           CASE WHEN kind.is_vat_included THEN price.amount
                ELSE price.amount * (1 + coalesce(product.vat_percent, 0) / 100) END AS amount
      FROM pricing_price price
      JOIN pricing_pricetype kind ON kind.id = price.price_type_id AND kind.is_base AND kind.currency = 'RUB'
      JOIN catalog_sku sku ON sku.id = price.sku_id
      JOIN catalog_product product ON product.id = sku.product_id
     WHERE price.minimum_quantity <= 1 AND price.amount > 0
     ORDER BY price.sku_id, price.minimum_quantity DESC
), saved AS (
    SELECT bought.order_id, round(sum(price.amount * bought.quantity), 2) AS listed, sum(bought.gross) AS paid
      FROM bought JOIN price ON price.sku_id = bought.sku_id
     GROUP BY bought.order_id
), timed AS (
    SELECT part.order_id, count(*) AS parts,
           count(*) FILTER (WHERE part.shipped_on <= part.ships_on) AS in_time
      FROM counted JOIN orders_orderpart part ON part.order_id = counted.id
     WHERE NOT part.is_cancelled AND part.ships_on IS NOT NULL
       AND (part.shipped_on IS NOT NULL OR NOT part.is_shipped AND part.ships_on < %(today)s)
     GROUP BY part.order_id
)
INSERT INTO orders_orderserved AS served (order_id, asked, sent, listed, paid, parts, parts_in_time)
SELECT counted.id, coalesce(filled.asked, 0), coalesce(filled.sent, 0), coalesce(saved.listed, 0),
       coalesce(saved.paid, 0), coalesce(timed.parts, 0), coalesce(timed.in_time, 0)
  FROM counted
  LEFT JOIN filled ON filled.order_id = counted.id
  LEFT JOIN saved ON saved.order_id = counted.id
  LEFT JOIN timed ON timed.order_id = counted.id
ON CONFLICT (order_id) DO UPDATE
   SET asked = excluded.asked, sent = excluded.sent, listed = excluded.listed, paid = excluded.paid,
       parts = excluded.parts, parts_in_time = excluded.parts_in_time
 WHERE (served.asked, served.sent, served.listed, served.paid, served.parts, served.parts_in_time)
       IS DISTINCT FROM (excluded.asked, excluded.sent, excluded.listed, excluded.paid, excluded.parts,
                         excluded.parts_in_time)
"""
_FORGET = """
DELETE FROM orders_orderserved served
 WHERE NOT EXISTS (SELECT FROM ({orders}) AS counted WHERE counted.id = served.order_id)
"""


@transaction.atomic
def served_count(*, at: datetime) -> int:
    """Count anew how orders that charts count were served, as of a moment; return how many rows moved.

    Three statements however many orders there are. Idempotent for the same moment.
    """
    told: dict[str, Any] = {
        "at": at,
        "today": moscow_date(at),
        "counted": list(COUNTED),
        "finished": [state.value for state in FINISHED],
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("LOCK TABLE orders_orderserved IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_FORGET.format(orders=_ORDERS), told)
        forgotten = cursor.rowcount
        cursor.execute(_COUNT.format(orders=_ORDERS), told)
        return int(forgotten + cursor.rowcount)
