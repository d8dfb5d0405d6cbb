"""Which file is newer: what was formed earlier may add, but not overwrite (two runs interleaved)."""

from datetime import datetime
from enum import StrEnum

from integrations.onec.loading.sql import fetch, run

_REMEMBER = """
INSERT INTO integrations_exchangestream (node_id, kind, catalog_external_id, formed_at)
VALUES (%(node)s, %(kind)s, %(catalog)s, %(formed_at)s)
ON CONFLICT (node_id, kind, catalog_external_id)
DO UPDATE SET formed_at = EXCLUDED.formed_at
        WHERE integrations_exchangestream.formed_at < EXCLUDED.formed_at
"""


class Stream(StrEnum):
    """What of a catalogue changes independently."""

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


def remember(*, node_id: int, stream: Stream, catalog_id: str, formed_at: datetime | None) -> None:
    """Note the moment of what was applied."""
    if formed_at is not None:
        run(_REMEMBER, {"node": node_id, "kind": stream, "catalog": catalog_id, "formed_at": formed_at})
