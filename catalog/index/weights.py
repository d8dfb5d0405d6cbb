"""Blocks of what the seller would rather sell: margin class and priority of each sku's product."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from catalog.index.kinds import MARGIN, PRIORITY
from catalog.index.parts import Touch
from catalog.index.supply import touched_ids
from catalog.index.writing import Writing

MARGINS = {"A": 1.0, "B": 0.5, "C": 0.0}
_ROWS = """
SELECT sku.id, product.margin_class, product.priority::float4
  FROM catalog_product product JOIN catalog_sku sku ON sku.product_id = product.id
 WHERE %s::bigint[] IS NULL OR product.id = ANY(%s::bigint[])
"""


class WeightsPart:
    """Margin from 0 to 1 and priority from -100 to 100, beside each ordinal."""

    kinds = frozenset({"product"})

    def build(self, writing: Writing) -> None:
        self._write(writing, None)

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        self._write(writing, touched_ids(touches))

    def _write(self, writing: Writing, product_ids: list[int] | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [product_ids, product_ids])
            rows = cursor.fetchall()
        skus = [row[0] for row in rows]
        touched = None if product_ids is None else skus
        margins = writing.vector_of(MARGIN, skus, [MARGINS.get(row[1], 0.0) for row in rows])
        priorities = writing.vector_of(
            PRIORITY, skus, np.array([row[2] for row in rows], np.float32).tolist()
        )
        writing.renew_vectors(MARGIN, {0: margins}, touched)
        writing.renew_vectors(PRIORITY, {0: priorities}, touched)
