"""Goods that a full export has not brought: counted and hidden, never deleted."""

from datetime import datetime

from integrations.models import ExchangeRun
from integrations.onec.loading.sql import fetch
from integrations.onec.loading.sql import run as execute

# Only goods that this very catalogue has brought before; another catalogue that has brought a good since
# speaks for it.
_MISSING = """
  FROM integrations_seengood seen
 WHERE seen.node_id = %(node)s AND seen.catalog_external_id = %(catalog)s AND seen.seen_at < %(since)s
   AND product.id = seen.product_id AND NOT product.is_hidden
   AND NOT EXISTS (SELECT FROM integrations_seengood other
                    WHERE other.product_id = seen.product_id AND other.seen_at >= %(since)s)
"""
_COUNT = f"""
SELECT count(*), count(*) FILTER (WHERE is_missing)
  FROM (SELECT EXISTS (SELECT 1 {_MISSING}) AS is_missing
          FROM integrations_seengood mine JOIN catalog_product product ON product.id = mine.product_id
         WHERE mine.node_id = %(node)s AND mine.catalog_external_id = %(catalog)s
           AND NOT product.is_hidden) told
"""  # noqa: S608 - no value from outside
_HIDE = f"UPDATE catalog_product product SET is_hidden = true, updated_at = %(at)s {_MISSING}"  # noqa: S608


def missing_count(*, run: ExchangeRun) -> tuple[int, int]:
    """Visible goods of the run's catalogue, and those of them that have not come."""
    ((goods, missing),) = fetch(_COUNT, _parameters(run))
    return int(goods), int(missing)


def missing_hide(*, run: ExchangeRun, at: datetime) -> int:
    """Hide what has not come; it shows again as soon as 1C sends it."""
    return execute(_HIDE, {**_parameters(run), "at": at})


def _parameters(run: ExchangeRun) -> dict[str, object]:
    return {"node": run.node_id, "catalog": run.catalog_external_id, "since": run.since}
