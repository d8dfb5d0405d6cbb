"""The same queries by PostgreSQL's own full text search over names: what one would have otherwise."""

import time
from typing import Any

from django.db import connection

from bench.trade.data import cases, goods_rows
from bench.trade.filling import cities_of

_PREPARE = """
CREATE TEMPORARY TABLE plain AS
SELECT sku.id, coalesce(own.score, 0) AS score,
       to_tsvector('russian', product.name || ' ' || product.article || ' ' || product.barcode) AS words
  FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
  LEFT JOIN catalog_skupopularity own ON own.sku_id = sku.id
"""
_FIND = """
SELECT plain.id, count(*) OVER () FROM plain
 WHERE words @@ {query}
   AND (%s::bigint IS NULL OR EXISTS (
        SELECT FROM catalog_stock stock
         WHERE stock.sku_id = plain.id AND stock.warehouse_id = %s AND stock.free > 0))
 ORDER BY ts_rank(words, {query}) DESC, score DESC LIMIT 10
"""
_ALL = "plainto_tsquery('russian', %s)"
_ANY = "replace(plainto_tsquery('russian', %s)::text, ' & ', ' | ')::tsquery"


def full_text_answers(goods: int) -> list[dict[str, Any]]:
    """All words of the query, else any of them; ranked by ts_rank, then by orders."""
    rows = goods_rows(goods)
    cities = cities_of(rows)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE)
        cursor.execute("CREATE INDEX ON plain USING gin (words)")
        cursor.execute("ANALYZE plain")
        for case in cases():
            if case["kind"] in ("prefix", "scope"):
                continue
            place = cities.get(case.get("city", ""))
            started = time.perf_counter()
            for query in (_ALL, _ANY):
                cursor.execute(_FIND.format(query=query), [case["q"], place, place, case["q"]])
                answers = cursor.fetchall()
                if answers:
                    break
            found.append(
                {
                    "id": case["id"],
                    "skus": [rows[pk - 1]["sku"] for pk, _total in answers],
                    "total": answers[0][1] if answers else 0,
                    "ms": (time.perf_counter() - started) * 1000,
                }
            )
    return found
