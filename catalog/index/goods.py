"""Blocks of goods: their numbers, where they stand, what they are, in which order their names go."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from pyroaring import BitMap

from catalog.index import kinds
from catalog.index.codec import NO_NUMBERS, Numbers, Vector, bitmap
from catalog.index.kinds import Kind
from catalog.index.parts import Touch
from catalog.index.writing import Writing

ON_SALE = "on_sale"
LONGEST_VALUE = 120
"""Longer texts describe a product; nobody ticks them in a filter."""

# %s is a condition on products.
_SKUS = """
SELECT sku.id, sku.product_id, NOT (sku.is_hidden OR product.is_hidden), product.brand_id
  FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
 WHERE {products} ORDER BY sku.id
"""
_PLACES = """
SELECT section_id, array_agg(product_id) FROM catalog_productsection WHERE {products} GROUP BY section_id
"""
_APPLICATIONS = """
SELECT application_id, array_agg(product_id) FROM catalog_productapplication WHERE {products}
 GROUP BY application_id
"""
_VALUES = f"""
SELECT property_id, text, array_agg(product_id) FROM catalog_propertyvalue
 WHERE text <> '' AND length(text) <= {LONGEST_VALUE} AND {{products}} GROUP BY property_id, text
"""  # noqa: S608 - own words only
_NUMBERS = """
SELECT property_id, array_agg(product_id), array_agg(number::float8) FROM catalog_propertyvalue
 WHERE number IS NOT NULL AND {products} GROUP BY property_id
"""
_BY_NAME = """
SELECT sku.id FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
 ORDER BY product.sort_key COLLATE "C", sku.characteristic COLLATE "C", sku.id
"""


class GoodsPart:
    """Everything that a product and its skus say of themselves."""

    kinds = frozenset({"product"})

    def build(self, writing: Writing) -> None:
        self._write(writing, None)

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        if any(touch.ids is None for touch in touches):
            self._write(writing, None)
            return
        touched = {pk for touch in touches for pk in touch.ids or ()}
        self._write(writing, np.fromiter(sorted(touched), np.int64))

    def _write(self, writing: Writing, product_ids: Vector | None) -> None:
        skus = _rows(_SKUS, product_ids, "product.id")
        _number_new(writing, skus)
        rows = _Rows(writing, product_ids)
        on_sale = bitmap(writing.ordinals(np.fromiter((row[0] for row in skus if row[2]), np.int64)))
        rows.renew(kinds.GOODS, {ON_SALE: on_sale})
        rows.renew(kinds.BRANDS, _brands(writing, skus))
        rows.renew(kinds.SECTIONS, rows.grouped(_PLACES))
        rows.renew(kinds.APPLICATIONS, rows.grouped(_APPLICATIONS))
        _write_properties(writing, rows)
        _write_names(writing)


class _Rows:
    """What the database says of the products in question, as bitmaps; None is all products."""

    def __init__(self, writing: Writing, product_ids: Vector | None) -> None:
        self.writing = writing
        self.product_ids = product_ids
        self.is_all = product_ids is None
        self.gone = BitMap()
        if product_ids is not None:
            self.gone = bitmap(writing.ordinals_of_products(product_ids)[0])

    def grouped(self, statement: str) -> dict[str, BitMap]:
        return {str(key): self.goods(ids) for key, ids in _rows(statement, self.product_ids, "product_id")}

    def goods(self, product_ids: Sequence[int]) -> BitMap:
        return bitmap(self.writing.ordinals_of_products(np.array(product_ids, np.int64))[0])

    def renew(self, kind: Kind, fresh: Mapping[str, BitMap], owner: int = 0) -> None:
        """Put the goods in question under their new keys, and nowhere else."""
        known = {} if self.is_all else self.writing.bitmaps(kind, owner)
        self.writing.put_bitmaps(kind, self.merged(known, fresh), owner)

    def merged(self, known: dict[str, BitMap], fresh: Mapping[str, BitMap]) -> dict[str, BitMap]:
        for goods in known.values():
            goods -= self.gone
        for key, goods in fresh.items():
            known[key] = known[key] | goods if key in known else goods
        return known


def _rows(statement: str, product_ids: Vector | None, column: str) -> list[tuple[Any, ...]]:
    """Rows of the products; `column` is where the statement has their ids."""
    condition = "true" if product_ids is None else f"{column} = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(products=condition), None if product_ids is None else [product_ids.tolist()]
        )
        return list(cursor.fetchall())


def _number_new(writing: Writing, skus: Sequence[tuple[Any, ...]]) -> None:
    ids = np.fromiter((row[0] for row in skus), np.int64)
    is_new = writing.ordinals(ids) < 0
    fresh = [row for row, new in zip(skus, is_new, strict=True) if new]
    writing.move(ids, np.fromiter((row[1] for row in skus), np.int64))
    if fresh:
        writing.number((row[0] for row in fresh), (row[1] for row in fresh))


def _brands(writing: Writing, skus: Iterable[tuple[Any, ...]]) -> dict[str, BitMap]:
    by_brand: dict[int, list[int]] = {}
    for sku_id, _product_id, _is_on_sale, brand_id in skus:
        if brand_id is not None:
            by_brand.setdefault(brand_id, []).append(sku_id)
    return {
        str(brand_id): bitmap(writing.ordinals(np.array(ids, np.int64))) for brand_id, ids in by_brand.items()
    }


def _write_properties(writing: Writing, rows: _Rows) -> None:
    """Values of each property, its numbers, and which goods have the property at all."""
    values: dict[int, dict[str, BitMap]] = {}
    for property_id, text, product_ids in _rows(_VALUES, rows.product_ids, "product_id"):
        values.setdefault(property_id, {})[text] = rows.goods(product_ids)
    covered = {str(property_id): BitMap.union(*found.values()) for property_id, found in values.items()}
    coverage = {} if rows.is_all else writing.bitmaps(kinds.COVERAGE)
    touched = {int(key) for key, goods in coverage.items() if goods & rows.gone} | set(values)
    known = {} if rows.is_all else writing.bitmaps_of(kinds.VALUES, touched)
    for property_id in sorted(touched):
        merged = rows.merged(known.get(property_id, {}), values.get(property_id, {}))
        writing.put_bitmaps(kinds.VALUES, merged, property_id)
    writing.put_bitmaps(kinds.COVERAGE, rows.merged(coverage, covered))
    _write_numbers(writing, rows, touched)


def _write_numbers(writing: Writing, rows: _Rows, touched: set[int]) -> None:
    fresh = {
        property_id: _numbers(writing, product_ids, values)
        for property_id, product_ids, values in _rows(_NUMBERS, rows.product_ids, "product_id")
    }
    known = {} if rows.is_all else writing.numbers_of(kinds.NUMBERS, touched | set(fresh))
    for property_id in sorted(set(known) | set(fresh)):
        before, now = known.get(property_id, NO_NUMBERS), fresh.get(property_id, NO_NUMBERS)
        stays = ~np.isin(before.ordinals, np.fromiter(rows.gone, np.uint32))
        ordinals = np.concatenate([before.ordinals[stays], now.ordinals])
        values = np.concatenate([before.values[stays], now.values])
        order = np.lexsort((values, ordinals))
        writing.put_numbers(kinds.NUMBERS, Numbers(ordinals[order], values[order]), property_id)


def _numbers(writing: Writing, product_ids: Sequence[int], values: Sequence[float]) -> Numbers:
    ordinals, places = writing.ordinals_of_products(np.array(product_ids, np.int64))
    return Numbers(ordinals.astype(np.uint32), np.array(values, np.float64)[places])


def _write_names(writing: Writing) -> None:
    """Places of all skus in the order of names: one new name moves all that follow."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_NAME)
        ids = np.fromiter((pk for (pk,) in cursor.fetchall()), np.int64)
    places = writing.ordinals(ids)
    ranks = np.full(writing.size, len(ids), np.int32)
    is_known = places >= 0  # a sku committed since is numbered by its own touch
    ranks[places[is_known]] = np.arange(len(ids), dtype=np.int32)[is_known]
    writing.vector(kinds.NAME)  # so that pieces that stay are known not to have changed
    writing.put_vector(kinds.NAME, ranks)
