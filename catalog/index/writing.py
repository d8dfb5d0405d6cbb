"""The indexer's hand on the blocks of one generation: reads, rewrites what differs, notes the changes."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from django.db import connection
from pyroaring import BitMap

from catalog.index import kinds
from catalog.index.codec import (
    Numbers,
    Vector,
    join_pieces,
    pack_bitmaps,
    pack_numbers,
    unpack_bitmaps,
    unpack_numbers,
)
from catalog.index.kinds import CHUNK, Kind

_PUT = """
INSERT INTO catalog_indexblock (generation_id, kind, owner, chunk, payload)
SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::bytea[])
ON CONFLICT (generation_id, kind, owner, chunk) DO UPDATE SET payload = EXCLUDED.payload
"""
_NOTE = """
INSERT INTO catalog_indexchange (generation_id, kind, owner, chunk)
SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::int[])
"""
_PORTION = 200

Place = tuple[str, int, int]
Places = npt.NDArray[np.int64]


class Writing:
    """Rewrites blocks of one generation inside the indexer's transaction; `flush` ends it."""

    def __init__(self, generation_id: int, *, is_new: bool) -> None:
        self.generation_id = generation_id
        self._is_new = is_new
        self._known: dict[Place, bytes] = {}
        self._changed: dict[Place, bytes] = {}
        self._notes: set[Place] = set()
        self._skus: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._products: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        if not is_new:
            self._skus = self.vector(kinds.SKU).astype(np.int64)
            self._products = self.vector(kinds.PRODUCT).astype(np.int64)
        self._arrange()

    # --- numbers of goods ------------------------------------------------------------------------
    @property
    def size(self) -> int:
        return len(self._skus)

    @property
    def skus(self) -> npt.NDArray[np.int64]:
        """Sku ids by ordinal."""
        return self._skus

    def number(self, sku_ids: Iterable[int], product_ids: Iterable[int]) -> None:
        """Give the next ordinals to new skus (beside their products)."""
        self._skus = np.concatenate([self._skus, np.fromiter(sku_ids, np.int64)])
        self._products = np.concatenate([self._products, np.fromiter(product_ids, np.int64)])
        self._arrange()
        self.put_vector(kinds.SKU, self._skus)
        self.put_vector(kinds.PRODUCT, self._products)

    def move(self, sku_ids: Vector, product_ids: Vector) -> None:
        """Take note of the products beside the skus: one may have come from another product."""
        places = self.ordinals(sku_ids)
        is_known = places >= 0
        places, product_ids = places[is_known], product_ids[is_known]
        if np.array_equal(self._products[places], product_ids):
            return
        self._products = self._products.copy()
        self._products[places] = product_ids
        self._arrange()
        self.put_vector(kinds.PRODUCT, self._products)

    def ordinals(self, sku_ids: Vector) -> Places:
        """Ordinals beside sku ids; -1 for those that have none."""
        if not self.size or not len(sku_ids):
            return np.full(len(sku_ids), -1, np.int64)
        places = np.minimum(np.searchsorted(self._sorted_skus, sku_ids), self.size - 1)
        return np.where(self._sorted_skus[places] == sku_ids, self._by_sku[places], -1)

    def ordinals_of_products(self, product_ids: Vector) -> tuple[Places, Places]:
        """Ordinals of all skus of the products, and beside each the place of its product in `product_ids`."""
        left = np.searchsorted(self._sorted_products, product_ids, "left")
        counts = np.searchsorted(self._sorted_products, product_ids, "right") - left
        places = np.repeat(np.arange(len(product_ids)), counts)
        shifts = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._by_product[np.repeat(left, counts) + shifts], places

    def _arrange(self) -> None:
        self._by_sku = np.argsort(self._skus, kind="stable")
        self._sorted_skus = self._skus[self._by_sku]
        self._by_product = np.argsort(self._products, kind="stable")
        self._sorted_products = self._products[self._by_product]

    # --- blocks ----------------------------------------------------------------------------------
    def bitmaps(self, kind: Kind, owner: int = 0) -> dict[str, BitMap]:
        return unpack_bitmaps(self._read(kind, [owner]).get((owner, 0), b""))

    def bitmaps_of(self, kind: Kind, owners: Iterable[int]) -> dict[int, dict[str, BitMap]]:
        """The same of many owners, in one query."""
        found = self._read(kind, owners)
        return {owner: unpack_bitmaps(payload) for (owner, _chunk), payload in found.items()}

    def put_bitmaps(self, kind: Kind, goods: Mapping[str, BitMap], owner: int = 0) -> None:
        self._put((kind.name, owner, 0), pack_bitmaps(goods))

    def numbers_of(self, kind: Kind, owners: Iterable[int]) -> dict[int, Numbers]:
        found = self._read(kind, owners)
        return {owner: unpack_numbers(payload) for (owner, _chunk), payload in found.items()}

    def put_numbers(self, kind: Kind, numbers: Numbers, owner: int) -> None:
        self._put((kind.name, owner, 0), pack_numbers(numbers))

    def vector(self, kind: Kind, owner: int = 0) -> Vector:
        """The whole vector as it is stored: it may be shorter than there are goods."""
        chunks = {chunk: payload for (_owner, chunk), payload in self._read(kind, [owner]).items()}
        return join_pieces(kind, chunks)

    def put_vector(self, kind: Kind, vector: Vector, owner: int = 0) -> None:
        """Store a whole vector; pieces that are as before are not written."""
        vector = vector.astype(kind.item, copy=False)
        for start in range(0, len(vector), CHUNK):
            self._put((kind.name, owner, start // CHUNK), vector[start : start + CHUNK].tobytes())

    def patch_vector(self, kind: Kind, owner: int, ordinals: Vector, vector: Vector) -> None:
        """Store what the vector has at some ordinals, no other pieces; negative ones are passed over."""
        ordinals = ordinals[ordinals >= 0]
        pieces = ordinals // CHUNK
        chunks = np.unique(pieces).tolist()
        known = self._read(kind, [owner], chunks)
        for chunk in chunks:
            length = min(CHUNK, self.size - chunk * CHUNK)
            piece = np.full(length, kind.empty, dtype=kind.item)
            before = np.frombuffer(known.get((owner, chunk), b""), dtype=kind.item)
            piece[: len(before)] = before[:length]
            here = pieces == chunk
            piece[ordinals[here] - chunk * CHUNK] = vector[ordinals[here]]
            self._put((kind.name, owner, chunk), piece.tobytes())

    def note(self, kind: str) -> None:
        """Tell readers to drop what they derived from rows of this kind."""
        self._notes.add((kind, 0, 0))

    def _read(
        self, kind: Kind, owners: Iterable[int], chunks: Iterable[int] | None = None
    ) -> dict[tuple[int, int], bytes]:
        wanted = list(owners)
        if not self._is_new and wanted:
            self._fetch(kind, wanted, None if chunks is None else list(chunks))
        found = {
            place[1:]: payload
            for source in (self._known, self._changed)
            for place, payload in source.items()
            if place[0] == kind.name
        }
        asked = set(wanted)
        return {place: payload for place, payload in found.items() if place[0] in asked and payload}

    def _fetch(self, kind: Kind, owners: list[int], chunks: list[int] | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT owner, chunk, payload FROM catalog_indexblock"
                " WHERE generation_id = %s AND kind = %s AND owner = ANY(%s)"
                " AND (%s::int[] IS NULL OR chunk = ANY(%s::int[]))",
                [self.generation_id, kind.name, owners, chunks, chunks],
            )
            for owner, chunk, payload in cursor.fetchall():
                self._known[kind.name, owner, chunk] = bytes(payload)

    def _put(self, place: Place, payload: bytes) -> None:
        if self._changed.get(place, self._known.get(place, b"")) != payload:
            self._changed[place] = payload

    def flush(self) -> int:
        """Write the changed blocks and their notes; returns how many blocks."""
        changed = sorted(self._changed.items())
        with connection.cursor() as cursor:
            for start in range(0, len(changed), _PORTION):
                portion = changed[start : start + _PORTION]
                names, owners, chunks = _columns(place for place, _ in portion)
                payloads = [payload for _, payload in portion]
                cursor.execute(_PUT, [self.generation_id, names, owners, chunks, payloads])
            notes = sorted(self._notes | set(self._changed))
            if notes and not self._is_new:
                names, owners, chunks = _columns(notes)
                cursor.execute(_NOTE, [self.generation_id, names, owners, chunks])
        return len(changed)


def _columns(places: Iterable[Place]) -> tuple[list[str], list[int], list[int]]:
    names, owners, chunks = zip(*places, strict=True)
    return list(names), list(owners), list(chunks)
