"""Where goods by term come from: the index of the database, or a dictionary in tests."""

from collections.abc import Collection, Mapping
from typing import Protocol

from pyroaring import BitMap


class Postings(Protocol):
    """Goods by term; ordinals are dense numbers 0..size-1. Bitmaps are shared: never change them in place."""

    size: int

    def many(self, terms: Collection[str]) -> Mapping[str, BitMap]:
        """Goods by term, unknown terms absent; at most one statement for all that is not kept."""

    def starting(self, prefix: str, most: int) -> Mapping[str, BitMap]:
        """Terms that begin so with their goods, most goods first; one statement."""
