"""Which goods are ordered together, counted out of all orders every night."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from orders.states import GIVEN_UP
from portal.lib.dates import moscow_date

DAYS = 365
LEAST_ORDERS = 3
"""Together in fewer orders says nothing."""
LEAST_CLIENTS = 2
"""What one client alone takes together is his own business."""
LEAST_LIFT = 1.5
MOST_LINES = 40
"""An order of more goods is a stock replenished: everything goes with everything."""
MOST_OTHERS = 12

_COUNT = """
WITH line AS (
    SELECT part.order_id, line.sku_id
      FROM orders_orderline line JOIN orders_orderpart part ON part.id = line.part_id
     WHERE NOT part.is_cancelled AND line.quantity > 0
     UNION
    SELECT part.order_id, line.sku_id
      FROM orders_erpline line
      JOIN orders_orderpart part ON part.id = line.part_id
      JOIN orders_order orders ON orders.id = part.order_id AND orders.origin = 'erp'
     WHERE NOT part.is_cancelled AND NOT line.is_cancelled AND line.quantity > 0 AND line.sku_id IS NOT NULL
), basket AS MATERIALIZED (
    SELECT line.order_id, orders.holding_id, array_agg(line.sku_id) AS skus
      FROM line JOIN orders_order orders ON orders.id = line.order_id
     WHERE orders.state <> ALL(%(given_up)s) AND orders.submitted_at > %(since)s
       AND orders.submitted_at <= %(at)s
     GROUP BY line.order_id, orders.holding_id
    HAVING count(*) <= %(most_lines)s
), item AS MATERIALIZED (
    SELECT basket.order_id, basket.holding_id, sku_id FROM basket CROSS JOIN unnest(basket.skus) AS sku_id
), frequent AS MATERIALIZED (
    SELECT sku_id, count(*) AS orders FROM item GROUP BY sku_id HAVING count(*) >= %(least_orders)s
), kept AS MATERIALIZED (
    SELECT item.* FROM item JOIN frequent USING (sku_id)
), pair AS (
    SELECT one.sku_id AS first, two.sku_id AS second, count(*) AS orders
      FROM kept one JOIN kept two ON two.order_id = one.order_id AND two.sku_id > one.sku_id
     GROUP BY one.sku_id, two.sku_id
    HAVING count(*) >= %(least_orders)s AND count(DISTINCT one.holding_id) >= %(least_clients)s
), known AS (
    SELECT pair.*, pair.orders::float8 * (SELECT count(*) FROM basket)
                   / (one.orders::float8 * two.orders) AS lift
      FROM pair
      JOIN frequent one ON one.sku_id = pair.first
      JOIN frequent two ON two.sku_id = pair.second
), both_ways AS (
    SELECT first AS sku_id, second AS other_id, orders, lift FROM known WHERE lift >= %(least_lift)s
     UNION ALL
    SELECT second, first, orders, lift FROM known WHERE lift >= %(least_lift)s
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY sku_id ORDER BY orders DESC, lift DESC, other_id) AS place
      FROM both_ways
)
INSERT INTO orders_boughttogether (sku_id, other_id, orders, lift, computed_on)
SELECT sku_id, other_id, orders, lift, %(today)s FROM ranked WHERE place <= %(most_others)s
"""


@transaction.atomic
def together_count(*, at: datetime) -> int:
    """Count anew which goods are ordered together, in orders of the portal and of 1C; return how many pairs.

    Kept are pairs of several clients that meet oftener than chance has it. Two statements however many
    orders there are. Idempotent for the same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("LOCK TABLE orders_boughttogether IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM orders_boughttogether")
        cursor.execute(
            _COUNT,
            {
                "at": at,
                "since": at - timedelta(days=DAYS),
                "today": moscow_date(at),
                "given_up": sorted(GIVEN_UP),
                "least_orders": LEAST_ORDERS,
                "least_clients": LEAST_CLIENTS,
                "least_lift": LEAST_LIFT,
                "most_lines": MOST_LINES,
                "most_others": MOST_OTHERS,
            },
        )
        return int(cursor.rowcount)
