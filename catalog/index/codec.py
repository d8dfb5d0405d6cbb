"""Blocks as bytes: bitmaps by key, numbers of goods, pieces of vectors."""

import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from catalog.index.kinds import CHUNK, Kind

Vector = npt.NDArray[Any]
Ordinals = npt.NDArray[np.uint32]

_HEAD = struct.Struct("<HI")
_PLACE = 260  # a key, its two places and their tuple in a dictionary


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numeric values of a property: `ordinals` ascending (one good may stand twice), `values` beside them."""

    ordinals: Ordinals
    values: npt.NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        return self.ordinals.nbytes + self.values.nbytes

    def between(self, low: float | None, high: float | None) -> BitMap:
        """Goods with a value from `low` to `high`, both included; None is open."""
        fits = np.ones(len(self.values), dtype=bool)
        if low is not None:
            fits &= self.values >= low
        if high is not None:
            fits &= self.values <= high
        return bitmap(self.ordinals[fits])

    def of(self, goods: BitMap, size: int) -> npt.NDArray[np.float64]:
        """Values of these goods only; goods added since the size was told are left out."""
        inside = np.searchsorted(self.ordinals, size)
        return self.values[:inside][mask(goods, size)[self.ordinals[:inside]]]


NO_NUMBERS = Numbers(np.zeros(0, np.uint32), np.zeros(0, np.float64))


def bitmap(ordinals: Vector) -> BitMap:
    """A bitmap of ordinals in any order; through a C array, since BitMap would walk a numpy one in Python."""
    numbers = array("I")
    numbers.frombytes(np.ascontiguousarray(ordinals, dtype=np.uint32).tobytes())
    return BitMap(numbers)


def ordinals(goods: BitMap) -> Ordinals:
    """Ordinals of a bitmap, ascending."""
    return np.frombuffer(goods.to_array(), dtype=np.uint32)


def mask(goods: BitMap, size: int) -> npt.NDArray[np.bool_]:
    """True at the ordinals of the goods."""
    found = np.zeros(size, dtype=bool)
    inside = ordinals(goods)
    found[inside[inside < size]] = True
    return found


def pack_bitmaps(goods: Mapping[str, BitMap]) -> bytes:
    """Bitmaps by key; empty ones are left out."""
    pieces = []
    for key in sorted(goods):
        if goods[key]:
            name, body = key.encode(), goods[key].serialize()
            pieces += [_HEAD.pack(len(name), len(body)), name, body]
    return b"".join(pieces)


def unpack_bitmaps(payload: bytes) -> dict[str, BitMap]:
    """The bitmaps of `pack_bitmaps`."""
    found: dict[str, BitMap] = {}
    place, end = 0, len(payload)
    while place < end:
        name_length, body_length = _HEAD.unpack_from(payload, place)
        place += _HEAD.size
        name = payload[place : place + name_length].decode()
        place += name_length
        found[name] = BitMap.deserialize(payload[place : place + body_length])
        place += body_length
    return found


class PackedBitmaps:
    """The same where most of the keys are never asked for: a bitmap is made of its bytes each time."""

    __slots__ = ("_payload", "_places")

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._places: dict[str, tuple[int, int]] = {}
        place, end = 0, len(payload)
        while place < end:
            name_length, body_length = _HEAD.unpack_from(payload, place)
            start = place + _HEAD.size + name_length
            self._places[payload[place + _HEAD.size : start].decode()] = (start, start + body_length)
            place = start + body_length

    @property
    def nbytes(self) -> int:
        return len(self._payload) + _PLACE * len(self._places)

    def get(self, key: str) -> BitMap | None:
        place = self._places.get(key)
        return None if place is None else BitMap.deserialize(self._payload[slice(*place)])

    def counts(self) -> dict[str, int]:
        """Goods by key, by number."""
        return {key: len(BitMap.deserialize(self._payload[a:b])) for key, (a, b) in self._places.items()}


def pack_numbers(numbers: Numbers) -> bytes:
    count = struct.pack("<I", len(numbers.ordinals))
    return count + numbers.ordinals.astype("<u4").tobytes() + numbers.values.astype("<f8").tobytes()


def unpack_numbers(payload: bytes) -> Numbers:
    if not payload:
        return NO_NUMBERS
    (count,) = struct.unpack_from("<I", payload)
    return Numbers(
        np.frombuffer(payload, "<u4", count, 4).astype(np.uint32),
        np.frombuffer(payload, "<f8", count, 4 + 4 * count).astype(np.float64),
    )


def join_pieces(kind: Kind, pieces: Mapping[int, bytes], before: Vector | None = None) -> Vector:
    """A new vector of its pieces by number, laid over what was known before.

    A new warehouse or price type has only the pieces that somebody has told of, and an old one may lack
    those of goods that came later: what is missing in between is empty.
    """
    item = np.dtype(kind.item)
    known = np.zeros(0, item) if before is None else before
    ends = [chunk * CHUNK + len(piece) // item.itemsize for chunk, piece in pieces.items()]
    vector = np.full(max([len(known), *ends]), kind.empty, item)
    vector[: len(known)] = known
    for chunk, piece in pieces.items():
        told = np.frombuffer(piece, item)
        vector[chunk * CHUNK : chunk * CHUNK + len(told)] = told
    return vector
