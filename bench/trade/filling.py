"""Fills an empty, migrated database with the goods of the search; a sku has its row's number, from one."""

from collections.abc import Iterator
from typing import Any

import psycopg

from bench.large.clients import fill_clients
from bench.large.copying import copy_in, indexes_afterwards
from bench.large.places import CITIES
from bench.trade.data import goods_rows
from portal.lib.sorting import name_sort_key

Row = dict[str, Any]


def fill(url: str, goods: int) -> None:
    """Put everything in by COPY, without triggers: the index is built afterwards."""
    rows = goods_rows(goods)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        with indexes_afterwards(connection, "catalog_stock", "pricing_price"):
            _fill_goods(connection, rows)
            _fill_places(connection, rows)
            _fill_prices(connection, rows)
            fill_clients(connection)
        connection.execute("DELETE FROM catalog_indextouch")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def cities_of(rows: list[Row]) -> dict[str, int]:
    """Ids of the cities by name."""
    return {name: pk for pk, name in enumerate(sorted({city for row in rows for city in row["stock"]}), 1)}


def _fill_goods(connection: psycopg.Connection, rows: list[Row]) -> None:
    brands, units = _numbered(rows, "brand"), _numbered(rows, "unit")
    copy_in(
        connection, "catalog_brand", "id name normalized_name",
        ((pk, name, name.casefold()) for name, pk in brands.items()),
    )  # fmt: skip
    copy_in(connection, "catalog_unit", "id name", ((pk, name) for name, pk in units.items()))
    copy_in(
        connection,
        "catalog_product",
        "id name sort_key article code barcode brand_id unit_id vat_percent item_type margin_class priority",
        (
            (
                pk, row["name"], name_sort_key(row["name"]), row["article"], row["sku"], row["barcode"],
                brands.get(row["brand"]), units[row["unit"]], 20, "Товар", _margin_class(row["margin"]),
                100 * row["priority"],
            )
            for pk, row in enumerate(rows, 1)
        ),
    )  # fmt: skip
    copy_in(connection, "catalog_sku", "id product_id", ((pk, pk) for pk in range(1, len(rows) + 1)))
    popular = ((pk, row["popularity"]) for pk, row in enumerate(rows, 1) if row["popularity"])
    copy_in(connection, "catalog_skupopularity", "sku_id score", popular)
    _fill_sections(connection, rows)


def _fill_sections(connection: psycopg.Connection, rows: list[Row]) -> None:
    """Sections by their path, «Электрика/Розетки»."""
    paths: dict[tuple[str, ...], int] = {}
    for row in rows:
        parts = tuple(row["category"].split("/"))
        for length in range(1, len(parts) + 1):
            paths.setdefault(parts[:length], len(paths) + 1)
    copy_in(connection, "catalog_classifier", "id name position kind", [(1, "Каталог", 1, "erp")])
    copy_in(
        connection, "catalog_section", "id classifier_id parent_id name sort_key position",
        ((pk, 1, paths.get(path[:-1]), path[-1], name_sort_key(path[-1]), pk) for path, pk in paths.items()),
    )  # fmt: skip
    copy_in(
        connection, "catalog_productsection", "id product_id section_id",
        ((pk, pk, paths[tuple(row["category"].split("/"))]) for pk, row in enumerate(rows, 1)),
    )  # fmt: skip


def _fill_places(connection: psycopg.Connection, rows: list[Row]) -> None:
    """A warehouse for each city; the clients' other cities have none."""
    cities = cities_of(rows)
    names = [*cities, *(f"Город {pk}" for pk in range(len(cities) + 1, CITIES + 1))]
    copy_in(
        connection, "catalog_city", "id name position is_active absent_policy order_days",
        ((pk, name, pk, True, "hide", 14) for pk, name in enumerate(names, 1)),
    )  # fmt: skip
    copy_in(
        connection, "catalog_warehouse", "id name is_active",
        ((pk, f"Склад {name}", True) for name, pk in cities.items()),
    )  # fmt: skip
    copy_in(
        connection, "catalog_citywarehouse", "id city_id warehouse_id position delivery_days",
        ((pk, pk, pk, 1, 1) for pk in cities.values()),
    )  # fmt: skip
    copy_in(connection, "catalog_stock", "id sku_id warehouse_id free reserved", _stock(rows, cities))


def _stock(rows: list[Row], cities: dict[str, int]) -> Iterator[tuple[int, ...]]:
    pk = 0
    for sku_id, row in enumerate(rows, 1):
        for city, lies in row["stock"].items():
            pk += 1
            yield pk, sku_id, cities[city], lies, 0


def _fill_prices(connection: psycopg.Connection, rows: list[Row]) -> None:
    copy_in(
        connection, "pricing_pricetype",
        "id name currency is_vat_included is_open is_purchase is_base rounding_step rounding",
        [(1, "Оптовая", "RUB", True, True, False, True, "0.01", "half")],
    )  # fmt: skip
    copy_in(
        connection, "pricing_price", "id price_type_id sku_id minimum_quantity amount",
        ((pk, 1, pk, 0, f"{row['price']:.2f}") for pk, row in enumerate(rows, 1)),
    )  # fmt: skip


def _numbered(rows: list[Row], field: str) -> dict[str, int]:
    return {name: pk for pk, name in enumerate(sorted({row[field] for row in rows if row[field]}), 1)}


def _margin_class(margin: float) -> str:
    return "A" if margin >= 0.25 else "B" if margin >= 0.12 else "C"
