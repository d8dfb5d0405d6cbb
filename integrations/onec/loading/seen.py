"""Which goods a catalogue has brought, and when: what a full export did not bring may be hidden."""

from collections.abc import Collection

from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import run

_MARK = """
INSERT INTO integrations_seengood (node_id, catalog_external_id, product_id, seen_at)
SELECT %s, %s, product_id, %s FROM unnest(%s::bigint[]) AS told (product_id)
ON CONFLICT (node_id, catalog_external_id, product_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
"""


def mark(context: LoadContext, *, catalog_id: str, product_ids: Collection[int]) -> None:
    """Note that these goods have come just now, if the base wants to know."""
    if context.is_marking and product_ids:
        run(_MARK, [context.node_id, catalog_id, context.at, sorted(set(product_ids))])
