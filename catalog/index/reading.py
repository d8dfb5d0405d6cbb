"""One look at the index: what a request asks of it."""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

import numpy as np
from django.conf import settings
from django.db import connection
from pyroaring import BitMap

from catalog.index import kinds
from catalog.index.buckets import term_bucket
from catalog.index.cache import Blocks
from catalog.index.codec import Numbers, Ordinals, PackedBitmaps, Vector, bitmap
from catalog.index.goods import ON_SALE
from catalog.index.indexing import index_refresh
from catalog.index.kinds import kind_of
from catalog.index.rows import block_rows

T = TypeVar("T")

FORGET_SECONDS = 1_800.0
"""A process that has not looked for so long drops all: the change log is kept for an hour."""

_LOOK = """
SELECT generation.id, generation.size, change.id, change.kind, change.owner, change.chunk
  FROM catalog_indexgeneration generation
  LEFT JOIN catalog_indexchange change ON change.generation_id = generation.id AND change.id > %s
 WHERE generation.is_live ORDER BY change.id
"""
_LAST = "SELECT coalesce(max(id), 0) FROM catalog_indexchange WHERE generation_id = %s"


@dataclass(frozen=True, slots=True)
class CityGoods:
    """What a city can be sold: `available` now, `kept` also what its warehouses know and have run out of."""

    available: BitMap
    kept: BitMap


class Index:
    """The index as one request sees it; every set and vector is cut to the same number of goods."""

    def __init__(self, blocks: Blocks, size: int) -> None:
        self._blocks = blocks
        self.size = size

    @property
    def generation(self) -> int:
        return self._blocks.generation_id

    @property
    def on_sale(self) -> BitMap:
        """Goods that are not hidden."""
        return self._bitmaps(kinds.GOODS).get(ON_SALE, BitMap())

    @property
    def brands(self) -> Mapping[int, BitMap]:
        return self._by_id(kinds.BRANDS)

    @property
    def applications(self) -> Mapping[int, BitMap]:
        return self._by_id(kinds.APPLICATIONS)

    def ordinals(self, sku_ids: Iterable[int]) -> BitMap:
        """Goods by sku; those that the index does not know are left out."""
        ids = np.fromiter(sku_ids, np.int64)
        by_sku, ordered = self.derived("by_sku", self._by_sku, depends_on=("sku",))
        if not len(ids) or not len(ordered):
            return BitMap()
        places = np.minimum(np.searchsorted(ordered, ids), len(ordered) - 1)
        return bitmap(by_sku[places[ordered[places] == ids]])

    def sku_ids(self, ordinals: Vector) -> list[int]:
        """Skus of ordinals, in the given order."""
        found: list[int] = self.vector("sku")[ordinals].tolist()
        return found

    def section_goods(self) -> Mapping[int, BitMap]:
        """Goods that lie in each section itself, without those below it."""
        return self._by_id(kinds.SECTIONS)

    def city(self, served_by: Iterable[int]) -> CityGoods:
        """Goods of a city by the warehouses that serve it."""
        warehouses = tuple(sorted(served_by))

        def make() -> CityGoods:
            kept = np.zeros(self.size, dtype=bool)
            available = np.zeros(self.size, dtype=bool)
            for stock in self.vectors("stock", warehouses).values():
                kept |= ~np.isnan(stock)
                available |= stock > 0
            return CityGoods(
                available=bitmap(np.flatnonzero(available)) & self.on_sale,
                kept=bitmap(np.flatnonzero(kept)) & self.on_sale,
            )

        return self.derived(("city", warehouses), make, depends_on=("stock", "goods"))

    def stock(self, warehouses: Iterable[int]) -> Vector:
        """What the warehouses can give together, beside each ordinal."""
        chosen = tuple(sorted(warehouses))

        def make() -> Vector:
            total = np.zeros(self.size, np.float32)
            for stock in self.vectors("stock", chosen).values():
                total += np.nan_to_num(stock)
            return total

        return self.derived(("stock", chosen), make, depends_on=("stock",))

    def values(self, property_id: int) -> Mapping[str, BitMap]:
        """Goods by value of a property."""
        return self.values_of([property_id])[property_id]

    def values_of(self, property_ids: Iterable[int]) -> dict[int, Mapping[str, BitMap]]:
        """The same of many properties; at most one query."""
        return self._blocks.load(kinds.VALUES, property_ids)

    def numbers(self, property_id: int) -> Numbers:
        found: Numbers = self._blocks.load(kinds.NUMBERS, [property_id])[property_id]
        return found

    def properties_of(self, goods: BitMap) -> list[int]:
        """Properties that any of the goods has, those of most goods first."""
        shared = (
            (-covered.intersection_cardinality(goods), property_id)
            for property_id, covered in self._by_id(kinds.COVERAGE).items()
        )
        return [property_id for count, property_id in sorted(shared) if count]

    def vector(self, kind: str, owner: int = 0) -> Vector:
        """A whole vector, one item for each ordinal."""
        return self.vectors(kind, [owner])[owner]

    def vectors(self, kind: str, owners: Iterable[int]) -> dict[int, Vector]:
        """The same of many owners; one query for those that are not here, one for what has changed."""
        layout = kind_of(kind)
        found: dict[int, Vector] = self._blocks.load(layout, owners)
        return {owner: self._fitted(layout, vector) for owner, vector in found.items()}

    def _fitted(self, kind: kinds.Kind, vector: Vector) -> Vector:
        if len(vector) >= self.size:
            return vector[: self.size]
        return np.concatenate([vector, np.full(self.size - len(vector), kind.empty, dtype=kind.item)])

    def words(self, terms: Iterable[str]) -> dict[str, BitMap]:
        """Goods by term of the search, unknown ones absent; at most one query for those that are not here."""
        buckets = {term: term_bucket(term) for term in terms}
        blocks: dict[int, PackedBitmaps] = self._blocks.load(kinds.WORDS, set(buckets.values()))
        found = ((term, blocks[bucket].get(term)) for term, bucket in buckets.items())
        return {term: goods for term, goods in found if goods is not None}

    def packed(self, kind: kinds.Kind) -> bytes:
        """What was packed under the kind; empty when nothing was. Not kept: whoever unpacks it keeps that."""
        return b"".join(payload for _owner, _chunk, payload in block_rows(self.generation, kind, [0]))

    def version(self, kind: str) -> int:
        """Grows whenever a block of the kind, or a row behind it, has changed."""
        return self._blocks.version(kind)

    def derived(self, key: Hashable, make: Callable[[], T], *, depends_on: tuple[str, ...]) -> T:
        """Make something once and keep it until a block of those kinds changes; shared: never change it.

        Vectors made of others must also be made anew when goods are added, hence the size in the key.
        """
        return self._blocks.derived((key, self.size), make, depends_on)

    def _bitmaps(self, kind: kinds.Kind) -> Mapping[str, BitMap]:
        found: Mapping[str, BitMap] = self._blocks.load(kind, [0])[0]
        return found

    def _by_id(self, kind: kinds.Kind) -> Mapping[int, BitMap]:
        return self.derived(
            ("by_id", kind.name),
            lambda: {int(key): goods for key, goods in self._bitmaps(kind).items()},
            depends_on=(kind.name,),
        )

    def _by_sku(self) -> tuple[Ordinals, Vector]:
        skus = self.vector("sku")
        order = np.argsort(skus, kind="stable").astype(np.uint32)
        return order, skus[order]


class _Process:
    """What this process knows, and when it looked last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.blocks = Blocks(0)
        self.size = 0
        self.change_id = 0
        self.looked_at = -FORGET_SECONDS


_process = _Process()


def catalog_index() -> Index:
    """The index as it stands; looks for changes at most every CATALOG_INDEX_POLL_SECONDS, one query."""
    if settings.CATALOG_INDEX_INLINE:
        index_refresh()
    due = settings.CATALOG_INDEX_INLINE or (
        monotonic() - _process.looked_at >= settings.CATALOG_INDEX_POLL_SECONDS
    )
    # While one thread looks, the others work with what is known.
    if due and _process.lock.acquire(blocking=_process.blocks.generation_id == 0):
        try:
            _look()
        finally:
            _process.lock.release()
    return Index(_process.blocks, _process.size)


def index_usage() -> dict[str, Any]:
    """What the index takes in this process: goods, entries, bytes, seconds since the last look."""
    return {
        "generation": _process.blocks.generation_id,
        "goods": _process.size,
        "entries": len(_process.blocks),
        "bytes": _process.blocks.bytes,
        "looked_seconds_ago": monotonic() - _process.looked_at,
    }


def forget_index() -> None:
    """Drop all that this process knows; for tests, whose rows vanish."""
    _process.forget()


def _look() -> None:
    now = monotonic()
    if now - _process.looked_at > FORGET_SECONDS:
        _process.blocks = Blocks(0)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [_process.change_id])
        rows = cursor.fetchall()
        if not rows:
            _process.blocks, _process.size, _process.change_id = Blocks(0), 0, 0
        elif rows[0][0] != _process.blocks.generation_id:
            cursor.execute(_LAST, [rows[0][0]])
            _process.change_id = cursor.fetchone()[0]
            _process.blocks, _process.size = Blocks(rows[0][0]), rows[0][1]
        else:
            changes = [row[2:] for row in rows if row[2] is not None]
            if changes:
                _process.blocks.drop(changes)
                _process.change_id = changes[-1][0]
            _process.size = rows[0][1]
    _process.looked_at = now
