"""What other goods go with some: learnt from orders."""

from collections.abc import Collection

from django.db import connection

# By hand: the goods of a cart may be hundreds. On sale is what `Sku.objects.on_sale` says.
_TOGETHER = """
SELECT pair.other_id
  FROM orders_boughttogether pair
  JOIN catalog_sku sku ON sku.id = pair.other_id AND NOT sku.is_hidden
  JOIN catalog_product product ON product.id = sku.product_id AND NOT product.is_hidden
 WHERE pair.sku_id = ANY(%s) AND pair.other_id <> ALL(%s)
 GROUP BY pair.other_id
 ORDER BY sum(pair.orders) DESC, pair.other_id
 LIMIT %s
"""


def together_with(*, sku_ids: Collection[int], limit: int) -> list[int]:
    """Skus on sale that are most often ordered with any of these, without these; one query at most."""
    if not sku_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, [list(sku_ids), list(sku_ids), limit])
        return [pk for (pk,) in cursor.fetchall()]
