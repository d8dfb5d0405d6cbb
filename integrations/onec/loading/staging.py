"""Temporary tables of a load; they vanish with its transaction."""

from integrations.onec.loading.sql import fetch, run

_TABLES = {
    "staged_product": """
        product_id bigint, is_new boolean, is_partial boolean, name text, sort_key text,
        full_name text, article text, code text, barcode text, description text, kind text,
        item_type text, brand_id bigint, unit_id bigint, has_vat boolean,
        vat_percent numeric(4, 2), weight numeric(12, 6), volume numeric(12, 6),
        order_multiple numeric(15, 3), is_hidden boolean""",
    "staged_place": "product_id bigint, section_id bigint",
    "staged_value": """
        product_id bigint, property_id bigint, raw text, option_id bigint, text text,
        number numeric(20, 6)""",
    "staged_value_change": """
        value_id bigint, is_gone boolean, product_id bigint, property_id bigint, raw text,
        option_id bigint, text text, number numeric(20, 6)""",
    "staged_pack": "product_id bigint, unit_id bigint, coefficient numeric(15, 3)",
    "staged_sku": """
        sku_id bigint, product_id bigint, is_new boolean, is_base boolean, characteristic text, article text,
        barcode text, is_hidden boolean""",
    "staged_price": "sku_id bigint, price_type_id bigint, amount numeric(18, 4)",
    "staged_stock": "sku_id bigint, warehouse_id bigint, free numeric(15, 3)",
    "staged_expected": """
        sku_id bigint, warehouse_id bigint, quantity numeric(15, 3), expected_date date, place integer""",
    "staged_stock_change": "stock_id bigint, free numeric(15, 3)",
}
_CREATE = "; ".join(
    [
        *(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP" for table, columns in _TABLES.items()),
        "CREATE INDEX staged_stock_sku ON staged_stock (sku_id)",
    ]
)


def begin() -> None:
    """Ready the transaction. One file is one transaction, so each statement may take minutes.

    Foreign keys are checked portion by portion, while the next one is being parsed: left to the commit,
    a million checks would wait in memory and keep 1C waiting.
    """
    run("SET LOCAL statement_timeout = '20min'")
    run("SET CONSTRAINTS ALL IMMEDIATE")


def prepare() -> None:
    """Make the tables, empty, once there is something to stage."""
    ((is_there,),) = fetch("SELECT to_regclass('pg_temp.staged_product') IS NOT NULL")
    if is_there:  # the second file of one transaction
        empty(*_TABLES)
    else:
        run(_CREATE)  # a small file is loaded in the time of a dozen round trips


def empty(*tables: str) -> None:
    """Forget a portion that has been merged."""
    run(f"TRUNCATE {', '.join(tables)}")
