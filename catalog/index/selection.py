"""Bitmap arithmetic of a list: what is chosen, what each filter would leave, which rows a page has."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TypeVar

import numpy as np
from pyroaring import BitMap

from catalog.index.codec import Ordinals, Vector, ordinals

Key = TypeVar("Key", bound=Hashable)

BARS = 12


class FacetQuery:
    """A list before and after its filters. Filters are met all together; each by any of its values."""

    def __init__(self, base: BitMap) -> None:
        self.base = base
        self._narrowed: dict[str, BitMap] = {}

    def narrow(self, name: str, goods: BitMap) -> None:
        """Add a filter; one of the same name is met as well."""
        known = self._narrowed.get(name)
        self._narrowed[name] = goods if known is None else known & goods

    @property
    def result(self) -> BitMap:
        return reduce(and_, self._narrowed.values(), self.base)

    def without(self, name: str) -> BitMap:
        """The list without one of its filters: what that filter's own counts are over."""
        return reduce(and_, (goods for key, goods in self._narrowed.items() if key != name), self.base)


def counts(values: Mapping[Key, BitMap], goods: BitMap) -> dict[Key, int]:
    """How many of the goods each value has; values of none are left out."""
    return {
        key: count for key, members in values.items() if (count := members.intersection_cardinality(goods))
    }


@dataclass(frozen=True, slots=True)
class Histogram:
    """How values spread from the lowest to the highest, in bars of equal width."""

    low: float
    high: float
    bars: tuple[int, ...]


def histogram(values: Vector, bars: int = BARS) -> Histogram | None:
    """None where there are no values; one bar where all are the same."""
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if low == high:
        return Histogram(low, high, (len(values),))
    numbers, _edges = np.histogram(values, bins=bars, range=(low, high))
    return Histogram(low, high, tuple(numbers.tolist()))


def ranked(goods: BitMap, *keys: Vector, start: int, stop: int) -> Ordinals:
    """Ordinals at the places `start` to `stop` of the goods in ascending order of the keys in turn.

    Keys are vectors over all ordinals. Only what can come before `stop` is sorted in full.
    """
    found = ordinals(goods)
    if stop < len(found):
        first = keys[0][found]
        border = np.partition(first, stop - 1)[stop - 1]
        found = found[first <= border]
    order = np.lexsort(tuple(key[found] for key in reversed(keys)))
    return found[order[start:stop]]
