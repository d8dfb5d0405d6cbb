"""The same answers in plain SQL, to compare with: on the portal's own tables, and on wide rows for lists.

The wide row is what one would build without an index: sections, cities and values as arrays, prices by type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.inside.own_prices import PriceSql

Counts = dict[tuple[int, str], int]
Chosen = Mapping[int, tuple[str, ...]]

_WIDE = """
DROP TABLE IF EXISTS bench_wide, bench_value;
CREATE TABLE bench_value AS
SELECT row_number() OVER (ORDER BY property_id, text)::int AS id, property_id, text
  FROM catalog_propertyvalue GROUP BY property_id, text;
CREATE UNIQUE INDEX ON bench_value (property_id, text);
CREATE TABLE bench_wide AS
WITH RECURSIVE above AS (
    SELECT id, id AS section_id FROM catalog_section
    UNION ALL
    SELECT above.id, s.parent_id FROM above JOIN catalog_section s ON s.id = above.section_id
     WHERE s.parent_id IS NOT NULL
), sections AS (
    SELECT product_id, array_agg(DISTINCT above.section_id::int) AS ids
      FROM catalog_productsection place JOIN above ON above.id = place.section_id GROUP BY product_id
), cities AS (
    SELECT sku_id, array_agg(DISTINCT city_id::int) AS ids
      FROM catalog_stock JOIN catalog_citywarehouse USING (warehouse_id) WHERE free > reserved GROUP BY sku_id
), facets AS (
    SELECT product_id, array_agg(v.id) AS ids
      FROM catalog_propertyvalue JOIN bench_value v USING (property_id, text) GROUP BY product_id
), prices AS (
    SELECT sku_id, array_agg(amount ORDER BY price_type_id) AS amounts
      FROM pricing_price WHERE minimum_quantity = 0 GROUP BY sku_id
)
SELECT sku.id::int AS sku_id, product.brand_id::int AS brand_id,
       row_number() OVER (ORDER BY product.sort_key, sku.characteristic, sku.id)::int AS name_rank,
       sections.ids AS sections, cities.ids AS cities, facets.ids AS facets,
       coalesce(own.amounts, base.amounts) AS amounts
  FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
  JOIN cities ON cities.sku_id = sku.id
  LEFT JOIN sections ON sections.product_id = product.id
  LEFT JOIN facets ON facets.product_id = product.id
  LEFT JOIN prices own ON own.sku_id = sku.id
  LEFT JOIN catalog_sku plain ON plain.product_id = product.id AND plain.characteristic = ''
  LEFT JOIN prices base ON base.sku_id = plain.id
 WHERE NOT sku.is_hidden AND NOT product.is_hidden;
CREATE INDEX ON bench_wide USING gin (sections);
CREATE INDEX ON bench_wide USING gin (facets);
CREATE UNIQUE INDEX ON bench_wide (sku_id);
ANALYZE bench_wide, bench_value
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A list: section with all below it (none: the whole catalogue), city, chosen values by property."""

    section_id: int | None
    section_ids: Sequence[int]
    city_id: int
    chosen: Chosen = field(default_factory=dict)

    def without(self, property_id: int) -> "Asked":
        rest = {key: texts for key, texts in self.chosen.items() if key != property_id}
        return Asked(self.section_id, self.section_ids, self.city_id, rest)


class LiveTables:
    """Answers out of the portal's own tables."""

    name = "SQL on live tables"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def counts(self, asked: Asked) -> Counts:
        """Goods by value of every property; a chosen one without its own choice, which is one more query."""
        found = self._counted(asked, "TRUE", {})
        for property_id in asked.chosen:
            found = {key: number for key, number in found.items() if key[0] != property_id}
            only = {"only": property_id}
            found |= self._counted(asked.without(property_id), "value.property_id = %(only)s", only)
        return found

    def first(
        self, asked: Asked, prices: PriceSql, low: int | None = None, high: int | None = None
    ) -> list[int]:
        """The first 24 skus by the client's own price, then by name; a range in 1/10000 RUB."""
        goods, parameters = self._goods(asked)
        return _first(self._connection, prices.on_tables(goods), parameters | prices.parameters, low, high)

    def _counted(self, asked: Asked, condition: str, more: dict[str, Any]) -> Counts:
        goods, parameters = self._goods(asked)
        rows = self._connection.execute(
            f"WITH goods AS MATERIALIZED ({goods})"
            " SELECT value.property_id, value.text, count(*)"
            " FROM goods JOIN catalog_propertyvalue value ON value.product_id = goods.product_id"
            f" WHERE {condition} GROUP BY value.property_id, value.text",
            parameters | more,
        )
        return {(property_id, text): number for property_id, text, number in rows.fetchall()}

    def _goods(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        sql = """
            SELECT sku.id, sku.product_id, product.brand_id, product.sort_key, sku.characteristic
              FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
             WHERE NOT sku.is_hidden AND NOT product.is_hidden
               AND EXISTS (SELECT FROM catalog_stock stock
                              JOIN catalog_citywarehouse serving USING (warehouse_id)
                            WHERE stock.sku_id = sku.id AND stock.free > stock.reserved
                              AND serving.city_id = %(city)s)"""
        parameters: dict[str, Any] = {"city": asked.city_id}
        if asked.section_id is not None:
            sql += (
                " AND product.id IN (SELECT product_id FROM catalog_productsection"
                " WHERE section_id = ANY(%(sections)s))"
            )
            parameters["sections"] = list(asked.section_ids)
        for property_id, texts in asked.chosen.items():
            sql += (
                f" AND EXISTS (SELECT FROM catalog_propertyvalue value WHERE value.product_id = product.id"
                f" AND value.property_id = {property_id} AND value.text = ANY(%(texts{property_id})s))"
            )
            parameters[f"texts{property_id}"] = list(texts)
        return sql, parameters


class WideRows:
    """Answers out of a table of one wide row a good."""

    name = "SQL on wide rows"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        for statement in _WIDE.split(";"):
            connection.execute(statement)
        rows = connection.execute("SELECT id, property_id, text FROM bench_value").fetchall()
        self._keys = {pk: (property_id, text) for pk, property_id, text in rows}
        self._ids = {key: pk for pk, key in self._keys.items()}

    def counts(self, asked: Asked) -> Counts:
        found = self._counted(asked)
        for property_id in asked.chosen:
            found = {key: number for key, number in found.items() if key[0] != property_id}
            alone = self._counted(asked.without(property_id))
            found |= {key: number for key, number in alone.items() if key[0] == property_id}
        return found

    def first(
        self, asked: Asked, prices: PriceSql, low: int | None = None, high: int | None = None
    ) -> list[int]:
        goods = f"SELECT * FROM bench_wide WHERE {self._condition(asked)}"
        return _first(self._connection, prices.on_wide_rows(goods), prices.parameters, low, high)

    def _counted(self, asked: Asked) -> Counts:
        rows = self._connection.execute(
            "SELECT value, count(*) FROM bench_wide, unnest(facets) AS value"
            f" WHERE {self._condition(asked)} GROUP BY value"
        )
        return {self._keys[value]: number for value, number in rows.fetchall()}

    def _condition(self, asked: Asked) -> str:
        sql = f"cities @> ARRAY[{asked.city_id}]"
        if asked.section_id is not None:
            sql += f" AND sections @> ARRAY[{asked.section_id}]"
        for property_id, texts in asked.chosen.items():
            sql += f" AND facets && ARRAY{[self._ids[property_id, text] for text in texts]}"
        return sql


def _first(
    connection: psycopg.Connection[Any],
    priced: str,
    parameters: dict[str, Any],
    low: int | None,
    high: int | None,
) -> list[int]:
    condition = "TRUE"
    if low is not None or high is not None:
        condition = "price >= %(low)s AND price <= %(high)s"
        parameters = parameters | {"low": (low or 0) / 10_000, "high": (high or 0) / 10_000}
    rows = connection.execute(
        f"SELECT id FROM ({priced}) AS priced WHERE {condition}"
        " ORDER BY price NULLS LAST, place, id LIMIT 24",
        parameters,
    )
    return [pk for (pk,) in rows.fetchall()]
