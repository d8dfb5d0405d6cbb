"""Fills an empty, migrated database; the same seed, the same rows."""

import numpy as np
import psycopg

from bench.large.clients import fill_clients, fill_conditions
from bench.large.copying import indexes_afterwards
from bench.large.goods import fill_goods, make_skus
from bench.large.places import fill_places
from bench.large.prices import fill_prices
from bench.large.sections import fill_sections, leaves_of_goods, make_tree
from bench.large.values import fill_values

_LONG_TABLES = ("catalog_propertyvalue", "catalog_stock", "pricing_price")
SEED = 20_261_123


def fill(url: str, goods: int) -> None:
    """Put everything in by COPY, without triggers: the index is built afterwards."""
    random = np.random.default_rng(SEED)
    tree = make_tree(random)
    leaves = leaves_of_goods(tree, goods, random)
    skus = make_skus(goods, random)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        with indexes_afterwards(connection, *_LONG_TABLES):
            fill_sections(connection, tree)
            fill_goods(connection, tree, leaves, skus, random)
            fill_values(connection, tree, leaves, random)
            fill_places(connection, skus, random)
            fill_clients(connection)
            fill_prices(connection, skus, random)
            fill_conditions(connection, skus, random)
        connection.execute("DELETE FROM catalog_indextouch")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
