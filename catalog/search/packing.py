"""Texts and arrays as bytes that unpack at once."""

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_HEAD = struct.Struct("<8sQ")
_ALIGNED = 8  # numpy copies an array that does not lie so at every search of it
CHARSET = "cp1251"


def encodable(text: str) -> bool:
    """Whether every letter has its byte in the one-byte charset of the texts."""
    try:
        text.encode(CHARSET)
    except UnicodeEncodeError:
        return False
    return True


class Texts(Sequence[str]):
    """Short texts in one buffer, a byte a letter, each decoded when it is asked for."""

    def __init__(self, blob: bytes, ends: Array) -> None:
        self._blob, self.ends = blob, ends
        self._places = memoryview(np.ascontiguousarray(ends).tobytes()).cast(
            "I"
        )  # gives plain numbers, several times faster than the array

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        pieces = [text.encode(CHARSET) for text in texts]
        return cls(b"".join(pieces), np.cumsum([0, *map(len, pieces)]).astype(np.uint32))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, index: Any) -> Any:
        if index < 0 or index >= len(self.ends) - 1:
            raise IndexError(index)
        return self._blob[self._places[index] : self._places[index + 1]].decode(CHARSET)

    def raw(self, index: int) -> bytes:
        return self._blob[self._places[index] : self._places[index + 1]]

    def place(self, text: bytes) -> int:
        """Where the text stands, or would stand, among sorted ones."""
        return bisect_left(range(len(self)), text, key=self.raw)

    def lengths(self, indices: Array) -> Array:
        lengths: Array = self.ends[indices + 1].astype(np.int64) - self.ends[indices]
        return lengths

    def arrays(self) -> list[Array]:
        return [np.frombuffer(self._blob, np.uint8), self.ends]

    @classmethod
    def restored(cls, arrays: Iterator[Array]) -> "Texts":
        return cls(next(arrays).tobytes(), next(arrays))


class Deletes:
    """Texts by what is left of them when up to two letters are taken out; keys are 32-bit hashes, a hit is
    only likely.
    """

    def __init__(self, keys: Array, ids: Array) -> None:
        self._keys, self._ids = keys, ids

    @classmethod
    def of(cls, texts: Iterable[str], most: int) -> "Deletes":
        keys: list[int] = []
        ids: list[int] = []
        for number, text in enumerate(texts):
            own = delete_keys(text, most)
            keys.extend(own)
            ids.extend([number] * len(own))
        order = np.argsort(np.array(keys, np.uint32), kind="stable")
        return cls(np.array(keys, np.uint32)[order], np.array(ids, np.uint32)[order])

    def near(self, text: str, most: int) -> Array:
        """Numbers of texts that share a remainder with this one, ascending."""
        asked = np.array(sorted(delete_keys(text, most)), np.uint32)
        starts = np.searchsorted(self._keys, asked, "left")
        stops = np.searchsorted(self._keys, asked, "right")
        pieces = [self._ids[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True) if a < b]
        return np.unique(np.concatenate(pieces)) if pieces else np.zeros(0, np.uint32)

    def arrays(self) -> list[Array]:
        return [self._keys, self._ids]

    @classmethod
    def restored(cls, arrays: Iterator[Array]) -> "Deletes":
        return cls(next(arrays), next(arrays))


def delete_keys(text: str, most: int) -> set[int]:
    """Hashes of the text without 0 to `most` of its letters."""
    keys = set()
    for missing in range(min(most, len(text)) + 1):
        for kept in combinations(text, len(text) - missing):
            keys.add(crc32("".join(kept).encode(CHARSET, "replace")))
    return keys


def pack(arrays: Iterable[Array]) -> bytes:
    """Arrays of one dimension, each with its kind and length before it."""
    pieces: list[bytes] = []
    for array in arrays:
        body = np.ascontiguousarray(array).tobytes()
        pieces += [
            _HEAD.pack(array.dtype.str.encode().ljust(8), len(body)),
            body,
            b"\0" * (-len(body) % _ALIGNED),
        ]
    return b"".join(pieces)


def unpack(packed: bytes) -> Iterator[Array]:
    """The arrays of `pack`, as views of the buffer."""
    place = 0
    while place < len(packed):
        kind, length = _HEAD.unpack_from(packed, place)
        place += _HEAD.size
        dtype = np.dtype(kind.strip().decode())
        yield np.frombuffer(packed, dtype, length // dtype.itemsize, place)
        place += length + -length % _ALIGNED
