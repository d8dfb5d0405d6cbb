"""Which file is newer: what was formed earlier may add, but not overwrite (two runs interleaved)."""

from datetime import datetime
from enum import StrEnum

from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import fetch, run

# The pace follows the last exchanges: one that comes sooner than in five minutes belongs to the same.
_REMEMBER = """
INSERT INTO integrations_exchangestream AS stream (node_id, kind, catalog_external_id, formed_at, applied_at)
VALUES (%(node)s, %(kind)s, %(catalog)s, %(formed_at)s, %(applied_at)s)
ON CONFLICT (node_id, kind, catalog_external_id)
DO UPDATE SET formed_at = greatest(stream.formed_at, EXCLUDED.formed_at),
              applied_at = coalesce(EXCLUDED.applied_at, stream.applied_at),
              usual_gap = CASE WHEN EXCLUDED.applied_at - stream.applied_at < interval '5 minutes'
                               THEN stream.usual_gap
                               ELSE coalesce(stream.usual_gap * 0.7
                                             + (EXCLUDED.applied_at - stream.applied_at) * 0.3,
                                             EXCLUDED.applied_at - stream.applied_at, stream.usual_gap) END
"""


class Stream(StrEnum):
    """What of a catalogue changes independently."""

    GOODS = "goods"
    PRICES = "prices"
    STOCK = "stock"


def is_overtaken(*, node_id: int, stream: Stream, catalog_id: str, formed_at: datetime | None) -> bool:
    """Tell whether something newer was applied before; a file that does not say its moment never is."""
    if formed_at is None:
        return False
    rows = fetch(
        "SELECT 1 FROM integrations_exchangestream"
        " WHERE node_id = %s AND kind = %s AND catalog_external_id = %s AND formed_at > %s",
        [node_id, stream, catalog_id, formed_at],
    )
    return bool(rows)


def remember(
    *, node_id: int, kind: str, catalog_id: str, formed_at: datetime | None, applied_at: datetime | None
) -> None:
    """Note the moment of what was applied; without `applied_at` it says nothing of 1C's pace."""
    run(
        _REMEMBER,
        {
            "node": node_id,
            "kind": kind,
            "catalog": catalog_id,
            "formed_at": formed_at,
            "applied_at": applied_at,
        },
    )


def file_remember(
    context: LoadContext, *, stream: Stream, catalog_id: str, formed_at: datetime | None
) -> None:
    """Note the moment of a file; what the portal repeats by itself says nothing of 1C's pace."""
    remember(
        node_id=context.node_id,
        kind=stream,
        catalog_id=catalog_id,
        formed_at=formed_at,
        applied_at=None if context.is_manual else context.at,
    )
