"""The indexer's hand on the blocks of one generation: reads, rewrites what differs, notes the changes."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
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
from catalog.index.kinds import CHUNK, Kind, Layout, kind_of
from catalog.index.rows import EVERY_OWNER, Place, block_rows, blocks_copy, blocks_note, blocks_put

Places = npt.NDArray[np.int64]
Spot = tuple[int, int]
"""Owner and chunk: where a block of a kind stands."""
MOST_NOTES = 1_000
"""Of more blocks of terms readers are told at one go: a load rewrites tens of thousands in every pass."""


class Writing:
    """Rewrites blocks of one generation inside the indexer's transaction; `flush` ends it."""

    def __init__(self, generation_id: int, *, is_new: bool) -> None:
        self.generation_id = generation_id
        self._is_new = is_new
        self._known: dict[str, dict[Spot, bytes]] = {}
        self._changed: dict[str, dict[Spot, bytes]] = {}
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

    def vector_of(
        self, kind: Kind, sku_ids: Sequence[int], told: Sequence[float], *, empty: float | None = None
    ) -> Vector:
        """A vector with what is told of some skus; elsewhere `empty`, as a rule the kind's."""
        vector = np.full(self.size, kind.empty if empty is None else empty, kind.item)
        ordinals = self.ordinals(np.array(sku_ids, np.int64))
        is_known = ordinals >= 0
        vector[ordinals[is_known]] = np.array(told, kind.item)[is_known]
        return vector

    def renew_vectors(self, kind: Kind, vectors: Mapping[int, Vector], sku_ids: Sequence[int] | None) -> None:
        """Store what the vectors (by owner) tell of these skus (None: of all) and of no others; one query."""
        if sku_ids is None:
            for owner, vector in vectors.items():
                self.put_vector(kind, vector, owner)
        else:
            ordinals = self.ordinals(np.array(sku_ids, np.int64))
            self._patch_vectors(kind, vectors, ordinals[ordinals >= 0])

    def _patch_vectors(self, kind: Kind, vectors: Mapping[int, Vector], ordinals: Vector) -> None:
        pieces = ordinals // CHUNK
        chunks = np.unique(pieces).tolist()
        known = self._read(kind, vectors, chunks)
        for chunk in chunks:
            here = ordinals[pieces == chunk]
            length = min(CHUNK, self.size - chunk * CHUNK)
            for owner, vector in vectors.items():
                piece = np.full(length, kind.empty, dtype=kind.item)
                before = np.frombuffer(known.get((owner, chunk), b""), dtype=kind.item)
                piece[: len(before)] = before[:length]
                piece[here - chunk * CHUNK] = vector[here]
                self._put((kind.name, owner, chunk), piece.tobytes())

    def put_packed(self, kind: Kind, payload: bytes) -> None:
        """Store something whole, as its owner has packed it."""
        self._put((kind.name, 0, 0), payload)

    def note(self, kind: str) -> None:
        """Tell readers to drop what they derived from rows of this kind."""
        self._notes.add((kind, 0, 0))

    def _read(
        self, kind: Kind, owners: Iterable[int], chunks: Iterable[int] | None = None
    ) -> dict[tuple[int, int], bytes]:
        wanted = list(owners)
        known, changed = self._known.setdefault(kind.name, {}), self._changed.get(kind.name, {})
        if not self._is_new and wanted:
            for owner, chunk, payload in block_rows(self.generation_id, kind, wanted, chunks):
                known[owner, chunk] = payload
        asked = set(wanted)
        return {spot: payload for spot, payload in (known | changed).items() if spot[0] in asked and payload}

    def _put(self, place: Place, payload: bytes) -> None:
        name, spot = place[0], place[1:]
        known, changed = self._known.get(name, {}), self._changed.setdefault(name, {})
        if changed.get(spot, known.get(spot, b"")) != payload:
            changed[spot] = payload

    def flush(self) -> int:
        """Write the changed blocks and their notes; returns how many blocks."""
        changed = sorted(
            ((name, *spot), payload)
            for name, blocks in self._changed.items()
            for spot, payload in blocks.items()
        )
        if self._is_new:
            blocks_copy(self.generation_id, changed)
            return len(changed)
        blocks_put(self.generation_id, changed)
        notes = sorted(self._notes | self._rewritten())
        if notes:
            blocks_note(self.generation_id, notes)
        return len(changed)

    def _rewritten(self) -> set[Place]:
        """What readers are told of the changed blocks."""
        told: set[Place] = set()
        for name, blocks in self._changed.items():
            if len(blocks) > MOST_NOTES and kind_of(name).layout is Layout.TERMS:
                told.add((name, EVERY_OWNER, 0))
            else:
                told.update((name, *spot) for spot in blocks)
        return told
