"""Brands, products, what is ordered of them, where they stand in the tree, what they fit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import psycopg

from bench.large.copying import copy_in
from bench.large.sections import TOPS, Tree
from portal.lib.sorting import name_sort_key

BRANDS, APPLICATIONS = 300, 300
COLOURS = ("белый", "красный", "серый", "черный")


@dataclass(frozen=True, slots=True)
class Skus:
    """Parallel arrays over skus: id, product, whether it has a characteristic, whether it is hidden."""

    ids: np.ndarray
    products: np.ndarray
    is_part: np.ndarray
    is_hidden: np.ndarray


def make_skus(goods: int, random: np.random.Generator) -> Skus:
    """Nine products of ten are one sku; the others have two to four, and their plain one is hidden."""
    parts = np.where(random.random(goods) < 0.1, random.integers(2, 5, goods), 0)
    products = np.repeat(np.arange(1, goods + 1), parts + 1)
    is_part = np.ones(len(products), dtype=bool)
    is_part[np.cumsum(parts + 1) - (parts + 1)] = False
    is_hidden = ~is_part & (parts[products - 1] > 0)
    return Skus(np.arange(1, len(products) + 1), products, is_part, is_hidden)


def fill_goods(
    connection: psycopg.Connection, tree: Tree, leaves: np.ndarray, skus: Skus, random: np.random.Generator
) -> None:
    brands = [f"Бренд {number:03d}" for number in range(1, BRANDS + 1)]
    copy_in(
        connection,
        "catalog_brand",
        "id name normalized_name",
        ((number, name, name.casefold()) for number, name in enumerate(brands, 1)),
    )
    copy_in(connection, "catalog_unit", "id code name", [(1, "796", "шт"), (2, "778", "упак")])
    copy_in(
        connection,
        "catalog_product",
        "id name sort_key article code barcode brand_id unit_id vat_percent item_type",
        _products(tree, leaves, random),
    )
    copy_in(connection, "catalog_sku", "id product_id characteristic article is_hidden", _skus(skus))
    copy_in(connection, "catalog_productsection", "id product_id section_id", _places(tree, leaves, random))
    packed = np.flatnonzero(random.random(len(leaves)) < 0.3) + 1
    copy_in(
        connection,
        "catalog_pack",
        "id product_id unit_id coefficient",
        ((number, product, 2, 10) for number, product in enumerate(packed.tolist(), 1)),
    )
    popular = skus.ids[random.random(len(skus.ids)) < 0.4]
    copy_in(
        connection,
        "catalog_skupopularity",
        "sku_id score",
        zip(popular.tolist(), random.exponential(20, len(popular)).round(3).tolist(), strict=True),
    )
    _fill_applications(connection, len(leaves), random)


def _products(tree: Tree, leaves: np.ndarray, random: np.random.Generator) -> Iterator[tuple]:
    brands = np.minimum(random.zipf(1.3, len(leaves)) % BRANDS, BRANDS - 1) + 1
    sizes = random.integers(1, 400, (len(leaves), 2)).tolist()
    for pk, (leaf, brand, (size, length)) in enumerate(
        zip(leaves.tolist(), brands.tolist(), sizes, strict=True), 1
    ):
        name = f"{TOPS[tree.top_of(leaf) - 1]} тип {leaf} {size}х{length} №{pk}"
        barcode = f"460{pk:010d}"
        yield pk, name, name_sort_key(name), f"ART-{pk:06d}", f"НФ-{pk:08d}", barcode, brand, 1, 22, "Товар"


def _skus(skus: Skus) -> Iterator[tuple]:
    columns = (skus.ids.tolist(), skus.products.tolist(), skus.is_part.tolist(), skus.is_hidden.tolist())
    for pk, product, is_part, is_hidden in zip(*columns, strict=True):
        characteristic = f"{COLOURS[pk % 4]}, {pk % 97}" if is_part else ""
        yield pk, product, characteristic, f"ART-{product:06d}", is_hidden


def _places(tree: Tree, leaves: np.ndarray, random: np.random.Generator) -> Iterator[tuple[int, int, int]]:
    """Every product in its leaf, one of thirty in another one below the same top section, too."""
    tops = {pk: tree.top_of(pk) for pk in tree.leaves}
    beside = {pk: [other for other in tree.leaves if tops[other] == tops[pk]] for pk in tree.leaves}
    drawn = random.random(len(leaves)).tolist()
    number = 0
    for product, (leaf, chance) in enumerate(zip(leaves.tolist(), drawn, strict=True), 1):
        others = beside[leaf]
        second = {others[int(chance * 30 * len(others))]} if chance < 1 / 30 else set()
        for section in {leaf} | second:
            number += 1
            yield number, product, section


def _fill_applications(connection: psycopg.Connection, goods: int, random: np.random.Generator) -> None:
    copy_in(
        connection,
        "catalog_application",
        "id kind make model year_from year_to",
        (
            (pk, "Автомобиль", f"Марка {pk % 20}", f"Модель {pk}", 1995 + pk % 20, 2005 + pk % 20)
            for pk in range(1, APPLICATIONS + 1)
        ),
    )
    fitting = np.flatnonzero(random.random(goods) < 0.2) + 1
    things = random.integers(1, APPLICATIONS + 1, len(fitting))
    copy_in(
        connection,
        "catalog_productapplication",
        "id product_id application_id",
        zip(range(1, len(fitting) + 1), fitting.tolist(), things.tolist(), strict=True),
    )
