"""Blocks of what lies in warehouses and of how often goods are ordered."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from catalog.index import kinds
from catalog.index.parts import Touch
from catalog.index.writing import Writing

_STOCK = """
SELECT warehouse_id, array_agg(sku_id), array_agg(greatest(free - reserved, 0)::float4)
  FROM catalog_stock WHERE %s::bigint[] IS NULL OR sku_id = ANY(%s::bigint[])
 GROUP BY warehouse_id
"""
_POPULARITY = """
SELECT array_agg(sku_id), array_agg(score::float4)
  FROM catalog_skupopularity WHERE %s::bigint[] IS NULL OR sku_id = ANY(%s::bigint[])
"""


def touched_ids(touches: Sequence[Touch]) -> list[int] | None:
    """All ids of the touches; None when one of them means everything."""
    if any(touch.ids is None for touch in touches):
        return None
    return sorted({pk for touch in touches for pk in touch.ids or ()})


class StockPart:
    """What each warehouse can give of each sku: not a number where it does not know the sku at all."""

    kinds = frozenset({"stock"})

    def build(self, writing: Writing) -> None:
        self._write(writing, None)

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        self._write(writing, touched_ids(touches))

    def _write(self, writing: Writing, sku_ids: list[int] | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_STOCK, [sku_ids, sku_ids])
            found = {
                warehouse_id: (writing.ordinals(np.array(ids, np.int64)), np.array(amounts, np.float32))
                for warehouse_id, ids, amounts in cursor.fetchall()
            }
            cursor.execute("SELECT id FROM catalog_warehouse")
            warehouses = [pk for (pk,) in cursor.fetchall()]
        touched = writing.ordinals(np.array(sku_ids or [], np.int64))
        for warehouse_id in warehouses:
            amounts = np.full(writing.size, np.nan, np.float32)
            ordinals, told = found.get(warehouse_id, (np.zeros(0, np.int64), np.zeros(0, np.float32)))
            amounts[ordinals[ordinals >= 0]] = told[ordinals >= 0]
            if sku_ids is None:
                writing.put_vector(kinds.STOCK, amounts, warehouse_id)
            else:
                writing.patch_vector(kinds.STOCK, warehouse_id, touched, amounts)


class PopularityPart:
    """Score of each sku; nought where nobody has told one."""

    kinds = frozenset({"popularity"})

    def build(self, writing: Writing) -> None:
        self._write(writing, None)

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        self._write(writing, touched_ids(touches))

    def _write(self, writing: Writing, sku_ids: list[int] | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_POPULARITY, [sku_ids, sku_ids])
            ((ids, scores),) = cursor.fetchall()
        told = np.zeros(writing.size, np.float32)
        ordinals = writing.ordinals(np.array(ids or [], np.int64))
        told[ordinals[ordinals >= 0]] = np.array(scores or [], np.float32)[ordinals >= 0]
        if sku_ids is None:
            writing.put_vector(kinds.POPULARITY, told)
        else:
            touched = writing.ordinals(np.array(sku_ids, np.int64))
            writing.patch_vector(kinds.POPULARITY, 0, touched, told)


class RowsPart:
    """Rows that pages read by themselves: sections, cities, names, conditions of sale. No blocks."""

    kinds = frozenset({kinds.TREE, kinds.NAMES, kinds.CITIES, kinds.TERMS})

    def build(self, writing: Writing) -> None:
        """Nothing to write."""

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        for kind in {touch.kind for touch in touches}:
            writing.note(kind)
