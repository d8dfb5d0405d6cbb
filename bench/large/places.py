"""24 cities, 24 warehouses that serve them, what lies where."""

from collections.abc import Iterator

import numpy as np
import psycopg

from bench.large.copying import copy_in
from bench.large.goods import Skus

CITIES, WAREHOUSES, WAREHOUSES_OF_CITY = 24, 24, 3


def fill_places(connection: psycopg.Connection, skus: Skus, random: np.random.Generator) -> None:
    """A city is served by its own warehouse and two others; a third of the pairs has stock."""
    cities = range(1, CITIES + 1)
    copy_in(
        connection,
        "catalog_city",
        "id name position is_active absent_policy order_days",
        ((pk, f"Город {pk:02d}", pk, True, "hide", 14) for pk in cities),
    )
    copy_in(
        connection,
        "catalog_warehouse",
        "id name is_active",
        ((pk, f"Склад {pk:02d}", True) for pk in range(1, WAREHOUSES + 1)),
    )
    serving = [
        (city, (city - 1 + step * 7) % WAREHOUSES + 1, step)
        for city in cities
        for step in range(WAREHOUSES_OF_CITY)
    ]
    copy_in(
        connection,
        "catalog_citywarehouse",
        "id city_id warehouse_id position delivery_days",
        ((pk, city, house, step, 1 + step * 2) for pk, (city, house, step) in enumerate(serving, 1)),
    )
    copy_in(connection, "catalog_stock", "id sku_id warehouse_id free reserved", _stock(skus, random))


def _stock(skus: Skus, random: np.random.Generator) -> Iterator[tuple]:
    """Seven rows of eight have something; a few more is reserved than lies there."""
    pk = 0
    for start in range(0, len(skus.ids), 5_000):
        ids = skus.ids[start : start + 5_000][~skus.is_hidden[start : start + 5_000]]
        has = random.random((len(ids), WAREHOUSES)) < 1 / 3
        rows, houses = np.nonzero(has)
        free = random.integers(1, 400, len(rows)) * (random.random(len(rows)) < 7 / 8)
        reserved = random.integers(0, 20, len(rows)) * (random.random(len(rows)) < 1 / 20)
        columns = (ids[rows].tolist(), (houses + 1).tolist(), free.tolist(), reserved.tolist())
        for sku, house, lies, taken in zip(*columns, strict=True):
            pk += 1
            yield pk, sku, house, lies, taken
