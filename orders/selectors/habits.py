"""Habits of a client, page by page: which goods, how many times, how much and how often."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from counterparties.actor import Actor
from orders.selectors.purchases import HABITS, orders_bought, purchases_sql

_LAST_PAGE = 1_000_000
_ORDERS = {
    "due": "due_on ASC NULLS LAST",
    "last": "last_on DESC",
    "times": "times DESC",
    "name": "sort_key ASC",
}
SORTS = tuple(_ORDERS)
USUAL_SORT = "due"

_ROWS = """
WITH {purchases}, {habits}, known AS (
    SELECT habit.*, rhythm.days, habit.last_on + rhythm.days AS due_on, product.sort_key,
           NOT (sku.is_hidden OR product.is_hidden) AND habit.last_on + rhythm.days <= %s AS is_due
      FROM habit
      JOIN catalog_sku sku ON sku.id = habit.sku_id
      JOIN catalog_product product ON product.id = sku.product_id
      LEFT JOIN rhythm ON rhythm.sku_id = habit.sku_id
     WHERE {asked}
), summary AS (
    SELECT count(*) AS total, count(*) FILTER (WHERE is_due) AS due FROM known
)
SELECT summary.total, summary.due, page.*
  FROM summary
  LEFT JOIN LATERAL (
        SELECT sku_id, times, last_on, usual, days, due_on, coalesce(is_due, false), last_price
          FROM known WHERE is_due OR NOT %s
         ORDER BY {order}, sort_key, sku_id LIMIT {size}
        OFFSET least(%s,
                     greatest(CASE WHEN %s THEN due ELSE total END - 1, 0) / {size} * {size})
       ) AS page ON true
"""
_NAMED = (
    "strpos(lower(concat_ws(' ', product.name, sku.characteristic, product.article, sku.article,"
    " product.code)), lower(%s)) > 0"
)
_PLACED = (
    "EXISTS (SELECT FROM catalog_productsection place"
    " WHERE place.product_id = product.id AND place.section_id = %s)"
)


@dataclass(frozen=True, slots=True)
class AssortmentFilter:
    """What the person asked for; empty values ask for nothing. `sort` is one of SORTS."""

    is_due: bool = False
    section_id: int | None = None
    search: str = ""
    sort: str = USUAL_SORT


# sku, times, last date, usual quantity, interval in days, due date, is it due, last price
Habit = tuple[int, int, date, Decimal, int | None, date | None, bool, Decimal]


def habits_read(
    *, actor: Actor, chosen: AssortmentFilter, on: date, page: int | str, size: int
) -> tuple[int, int, list[Habit]]:
    """How many skus there are, how many it is time for, and the page's habits; one query."""
    purchases, parameters = purchases_sql(orders_bought(actor))
    asked, told = _conditions(chosen)
    order = _ORDERS[chosen.sort]
    sql = _ROWS.format(purchases=purchases, habits=HABITS, asked=asked, order=order, size=size)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, on, *told, chosen.is_due, _offset(page, size), chosen.is_due])
        rows: list[Any] = cursor.fetchall()
    total, due, *_first = rows[0]
    return total, due, [row[2:] for row in rows if row[2] is not None]


def _conditions(chosen: AssortmentFilter) -> tuple[str, list[Any]]:
    asked, told = ["true"], list[Any]()
    if chosen.search:
        asked.append(_NAMED)
        told.append(chosen.search)
    if chosen.section_id is not None:
        asked.append(_PLACED)
        told.append(chosen.section_id)
    return " AND ".join(asked), told


def _offset(page: int | str, size: int) -> int:
    """Where the page begins, as the paginator has it: no number is the first, past the end the last."""
    try:
        number = int(page)
    except ValueError:
        return 0
    return (min(number, _LAST_PAGE) - 1) * size if number > 0 else _LAST_PAGE
