"""What was bought before, in orders of the portal and of 1C alike: the beginning of other reads' SQL."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from counterparties.actor import Actor
from orders.models import Order
from orders.states import GIVEN_UP

# `purchase`: a sku in one order, split lines together; the Moscow day, the price of one unit with VAT.
# Of an order that was made here its own lines count, whatever 1C changed in it: this is about habits.
_PURCHASES = """
bought AS (
    SELECT line.sku_id, part.order_id, orders.submitted_at, line.quantity,
           CASE WHEN orders.is_vat_included OR line.vat_percent IS NULL THEN line.price
                ELSE round(line.gross / line.quantity, 2) END AS price
      FROM orders_orderline line
      JOIN orders_orderpart part ON part.id = line.part_id AND NOT part.is_cancelled
      JOIN orders_order orders ON orders.id = part.order_id
     WHERE orders.id IN ({orders}) AND {wanted}
     UNION ALL
    SELECT line.sku_id, part.order_id, orders.submitted_at, line.quantity, line.price
      FROM orders_erpline line
      JOIN orders_orderpart part ON part.id = line.part_id AND NOT part.is_cancelled
      JOIN orders_order orders ON orders.id = part.order_id AND orders.origin = 'erp'
     WHERE orders.id IN ({orders}) AND {wanted}
       AND line.sku_id IS NOT NULL AND line.quantity > 0 AND NOT line.is_cancelled
), purchase AS (
    SELECT sku_id, order_id, submitted_at, (submitted_at AT TIME ZONE 'Europe/Moscow')::date AS day,
           sum(quantity) AS quantity, max(price) AS price
      FROM bought GROUP BY sku_id, order_id, submitted_at
)
"""
# `habit`: the usual quantity is one that was really ordered (of two in the middle the lesser), so that it
# can be ordered again; `rhythm` is the median of the days between dates of orders, halves up.
HABITS = """
habit AS (
    SELECT sku_id, count(*) AS times, max(day) AS last_on,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity) AS usual,
           (array_agg(price ORDER BY submitted_at DESC, order_id DESC))[1] AS last_price
      FROM purchase GROUP BY sku_id
), gap AS (
    SELECT sku_id, day - lag(day) OVER (PARTITION BY sku_id ORDER BY day) AS days
      FROM (SELECT DISTINCT sku_id, day FROM purchase) AS dates
), rhythm AS (
    SELECT sku_id, floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY days) + 0.5)::int AS days
      FROM gap WHERE days IS NOT NULL GROUP BY sku_id
)
"""
_ANY, _OF_THESE, _NONE = "true", "line.sku_id = ANY(%s)", "SELECT 0 WHERE false"

Sql = tuple[str, list[Any]]


def orders_bought(actor: Actor) -> QuerySet[Order]:
    """Orders that tell of habits: those that the actor sees, those given up left out."""
    return Order.objects.visible_to(actor).exclude(state__in=GIVEN_UP)


def purchases_sql(orders: QuerySet[Order], *, sku_ids: Sequence[int] | None = None) -> Sql:
    """Common table expressions that end with `purchase`, and their parameters; of some skus or of all."""
    text, parameters = _pks(orders)
    wanted = _ANY if sku_ids is None else _OF_THESE
    named = [] if sku_ids is None else [list(sku_ids)]
    return _PURCHASES.format(orders=text, wanted=wanted), [*parameters, *named] * 2


def _pks(orders: QuerySet[Order]) -> Sql:
    try:
        text, parameters = orders.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # the actor sees no orders at all
        return _NONE, []
    return text, list(parameters)
