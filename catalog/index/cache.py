"""What a process knows of the index: decoded blocks and what was derived from them, within a bound."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from django.conf import settings
from pyroaring import BitMap

from catalog.index.codec import Numbers, PackedBitmaps, Vector, join_pieces, unpack_bitmaps, unpack_numbers
from catalog.index.kinds import Kind, Layout
from catalog.index.rows import EVERY_OWNER, block_rows

T = TypeVar("T")

_Known = tuple[str, Hashable]
"""Kind and owner of a block, or the key of what was derived."""
_BITMAP_OVERHEAD = 160
_ENTRY_OVERHEAD = 300


@dataclass(slots=True)
class _Entry:
    """A decoded block, or a whole vector some pieces of which have been rewritten since."""

    value: Any
    size: int
    stale: frozenset[int] = frozenset()
    versions: tuple[int, ...] = ()


class Blocks:
    """Entries of one generation that a process keeps; threads share them."""

    def __init__(self, generation_id: int) -> None:
        self.generation_id = generation_id
        self.bytes = 0
        self._entries: OrderedDict[_Known, _Entry] = OrderedDict()
        self._versions: dict[str, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def version(self, kind: str) -> int:
        return self._versions.get(kind, 0)

    def drop(self, changes: Iterable[tuple[int, str, int, int]]) -> None:
        """Forget blocks that were rewritten: (id of the change, kind, owner, chunk)."""
        with self._lock:
            for change_id, kind, owner, chunk in changes:
                self._versions[kind] = change_id
                if owner == EVERY_OWNER:
                    for place in [known for known in self._entries if known[0] == kind]:
                        self._forget(place)
                    continue
                entry = self._entries.get((kind, owner))
                if entry is None:
                    continue
                if isinstance(entry.value, np.ndarray):
                    stale = entry.stale | {chunk}
                    self._entries[kind, owner] = _Entry(entry.value, entry.size, stale)
                else:
                    self._forget((kind, owner))

    def load(self, kind: Kind, owners: Iterable[int]) -> dict[int, Any]:
        """Decoded blocks of the owners; one query for those that are not here, one for what was rewritten."""
        wanted = list(owners)
        found: dict[int, Any] = {}
        missing: list[int] = []
        stale: dict[int, _Entry] = {}
        with self._lock:
            version = self.version(kind.name)
            for owner in wanted:
                entry = self._entries.get((kind.name, owner))
                if entry is None:
                    missing.append(owner)
                elif entry.stale:
                    stale[owner] = entry
                else:
                    self._entries.move_to_end((kind.name, owner))
                    found[owner] = entry.value
        if stale:
            found |= self._patched(kind, stale, version)
        if missing:
            found |= self._fetched(kind, missing, version)
        return found

    def derived(self, key: Hashable, make: Callable[[], T], depends_on: tuple[str, ...]) -> T:
        """What was made for the key before, unless a block of those kinds has changed since."""
        versions = tuple(self.version(kind) for kind in depends_on)
        place = ("derived", key)
        with self._lock:
            entry = self._entries.get(place)
            if entry is not None and entry.versions == versions:
                self._entries.move_to_end(place)
                return cast(T, entry.value)
        value = make()
        self._keep(place, _Entry(value, size_of(value), versions=versions))
        return value

    def _fetched(self, kind: Kind, owners: list[int], version: int) -> dict[int, Any]:
        pieces: dict[int, dict[int, bytes]] = {owner: {} for owner in owners}
        for owner, chunk, payload in block_rows(self.generation_id, kind, owners):
            pieces[owner][chunk] = payload
        found = {owner: _decoded(kind, parts) for owner, parts in pieces.items()}
        for owner, value in found.items():
            self._keep_block(kind, owner, value, version)
        return found

    def _patched(self, kind: Kind, stale: Mapping[int, _Entry], version: int) -> dict[int, Any]:
        """New arrays with the rewritten pieces: requests that began earlier keep the former ones."""
        chunks = sorted({chunk for entry in stale.values() for chunk in entry.stale})
        pieces: dict[int, dict[int, bytes]] = {owner: {} for owner in stale}
        for owner, chunk, payload in block_rows(self.generation_id, kind, stale, chunks):
            pieces[owner][chunk] = payload
        found = {owner: join_pieces(kind, pieces[owner], entry.value) for owner, entry in stale.items()}
        for owner, value in found.items():
            self._keep_block(kind, owner, value, version)
        return found

    def _keep_block(self, kind: Kind, owner: int, value: Any, version: int) -> None:
        """Keep what was read, unless another thread has heard of a change since the reading began."""
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        entry = _Entry(value, size_of(value))
        with self._lock:
            if self.version(kind.name) == version:
                self._put((kind.name, owner), entry)

    def _keep(self, place: _Known, entry: _Entry) -> None:
        with self._lock:
            self._put(place, entry)

    def _put(self, place: _Known, entry: _Entry) -> None:
        self._forget(place)
        self._entries[place] = entry
        self.bytes += entry.size
        while self.bytes > settings.CATALOG_INDEX_CACHE_BYTES and len(self._entries) > 1:
            self._forget(next(iter(self._entries)))

    def _forget(self, place: _Known) -> None:
        entry = self._entries.pop(place, None)
        if entry is not None:
            self.bytes -= entry.size


def _decoded(
    kind: Kind, pieces: Mapping[int, bytes]
) -> Vector | Numbers | dict[str, BitMap] | PackedBitmaps | bytes:
    match kind.layout:
        case Layout.VECTOR:
            return join_pieces(kind, pieces)
        case Layout.NUMBERS:
            return unpack_numbers(pieces.get(0, b""))
        case Layout.TERMS:
            return PackedBitmaps(pieces.get(0, b""))
        case Layout.PACKED:
            return pieces.get(0, b"")
        case _:
            return unpack_bitmaps(pieces.get(0, b""))


def size_of(value: object) -> int:
    """About how many bytes a kept value takes."""
    if isinstance(value, np.ndarray | Numbers | PackedBitmaps):
        return _ENTRY_OVERHEAD + value.nbytes
    if isinstance(value, BitMap):
        told = value.get_statistics()
        return (
            _BITMAP_OVERHEAD
            + told["n_bytes_array_containers"]
            + told["n_bytes_run_containers"]
            + told["n_bytes_bitset_containers"]
        )
    if isinstance(value, Mapping):
        return _ENTRY_OVERHEAD + sum(size_of(key) + size_of(item) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return sys.getsizeof(value) + sum(size_of(item) for item in value)
    size = sys.getsizeof(value)
    if hasattr(value, "__dataclass_fields__"):
        size += sum(size_of(getattr(value, name)) for name in value.__dataclass_fields__)
    return size
