"""How popular goods are, as those say who know of orders."""

from collections.abc import Mapping

from django.db import connection, transaction

_WRITE = """
INSERT INTO catalog_skupopularity (sku_id, score)
SELECT told.sku_id, told.score FROM unnest(%s::bigint[], %s::float8[]) AS told (sku_id, score)
ON CONFLICT (sku_id) DO UPDATE SET score = EXCLUDED.score
  WHERE catalog_skupopularity.score <> EXCLUDED.score
"""
_FORGET = "DELETE FROM catalog_skupopularity WHERE NOT sku_id = ANY(%s)"


@transaction.atomic
def popularity_write(scores: Mapping[int, float]) -> int:
    """Replace all scores (sku -> score, higher is more popular); return how many are another now.

    Two statements however many there are. Idempotent.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog_skupopularity'))")
        cursor.execute(_FORGET, [list(scores)])
        changed: int = cursor.rowcount
        cursor.execute(_WRITE, [list(scores), list(scores.values())])
        changed += cursor.rowcount
        return changed
