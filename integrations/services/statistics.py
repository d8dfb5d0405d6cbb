"""What the planner knows of the tables that a load fills: after some files of a first load, nothing true."""

from django.db import connection

FEWEST_ROWS = 10_000
"""So few are read as quickly by any plan."""
_TIMES = 4
_FILLED = (
    "catalog_product", "catalog_productsection", "catalog_propertyvalue", "catalog_sku", "catalog_stock",
    "integrations_externalid", "integrations_toldelement", "pricing_price",
)  # fmt: skip
_GROWN = """
SELECT own.relname FROM pg_stat_user_tables known JOIN pg_class own ON own.oid = known.relid
 WHERE known.schemaname = current_schema() AND known.relname = ANY(%s)
   AND known.n_live_tup >= %s AND known.n_live_tup >= %s * greatest(own.reltuples, 0)
 ORDER BY own.relname
"""


def statistics_renew() -> list[str]:
    """Analyse the tables that have grown fourfold since the last time; return their names.

    Autovacuum looks round once a minute; until then each file of a first load would read all that those
    before it have brought. To be called outside a transaction, which would hold the locks to its end.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, [list(_FILLED), FEWEST_ROWS, _TIMES])
        grown = [name for (name,) in cursor.fetchall()]
        if grown:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {', '.join(grown)}")
    return grown
