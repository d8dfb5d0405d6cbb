"""Blocks of what lies in warehouses and of how often goods are ordered."""

from collections.abc import Sequence

from django.db import connection

from catalog.index.kinds import (
    ARTICLE,
    CALCULATORS,
    CITIES,
    NAMES,
    POPULARITY,
    SEARCH,
    STOCK,
    TERMS,
    TREE,
    Kind,
)
from catalog.index.parts import Touch
from catalog.index.writing import Writing

_STOCK = """
SELECT warehouse_id, array_agg(sku_id), array_agg(greatest(free - reserved, 0)::float4)
  FROM catalog_stock WHERE %s::bigint[] IS NULL OR sku_id = ANY(%s::bigint[])
 GROUP BY warehouse_id
"""
_POPULARITY = """
SELECT 0, array_agg(sku_id), array_agg(score::float4)
  FROM catalog_skupopularity WHERE %s::bigint[] IS NULL OR sku_id = ANY(%s::bigint[])
HAVING count(*) > 0
"""


def touched_ids(touches: Sequence[Touch]) -> list[int] | None:
    """All ids of the touches; None when one of them means everything."""
    if any(touch.ids is None for touch in touches):
        return None
    return sorted({pk for touch in touches for pk in touch.ids or ()})


class _TablePart:
    """Vectors that stand in one table: a number for an owner and a sku, nothing where there is no row."""

    kinds: frozenset[str]
    kind: Kind
    rows: str
    """Selects owners, each with its skus and their numbers; asked twice which skus are meant."""
    owners: str
    """Selects all that have a vector, be it an empty one."""

    def build(self, writing: Writing) -> None:
        self._write(writing, None)

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        self._write(writing, touched_ids(touches))

    def _write(self, writing: Writing, sku_ids: list[int] | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.rows, [sku_ids, sku_ids])
            told = {owner: (ids, numbers) for owner, ids, numbers in cursor.fetchall()}
            cursor.execute(self.owners)
            owners = [pk for (pk,) in cursor.fetchall()]
        vectors = {owner: writing.vector_of(self.kind, *told.get(owner, ((), ()))) for owner in owners}
        writing.renew_vectors(self.kind, vectors, sku_ids)


class StockPart(_TablePart):
    """What each warehouse can give of each sku: not a number where it does not know the sku at all."""

    kinds = frozenset({STOCK.name})
    kind = STOCK
    rows = _STOCK
    owners = "SELECT id FROM catalog_warehouse"


class PopularityPart(_TablePart):
    """Score of each sku; nought where nobody has told one."""

    kinds = frozenset({POPULARITY.name})
    kind = POPULARITY
    rows = _POPULARITY
    owners = "SELECT 0"


class RowsPart:
    """Rows read by themselves: sections, cities, names, terms, the dictionary, articles, calculators."""

    kinds = frozenset({TREE, NAMES, CITIES, TERMS, SEARCH, ARTICLE, CALCULATORS})

    def build(self, writing: Writing) -> None:
        """Nothing to write."""

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        for kind in {touch.kind for touch in touches}:
            writing.note(kind)
