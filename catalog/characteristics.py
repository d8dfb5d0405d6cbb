"""Characteristics of a product as a table of two axes, where their names are made of two parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from portal.lib.sorting import name_sort_key

_SEPARATORS = (" / ", "/", "; ", ", ", ",")
_MOST_COLUMNS = 12
_FEWEST = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and columns in Russian order; `cells` hold the index of a characteristic, some are empty."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]

    def lines(self, things: Sequence[T]) -> list[tuple[str, list[T | None]]]:
        """Each row with what stands in its cells; `things` are in the order of the names."""
        return [(row, [self._at(things, row, column) for column in self.columns]) for row in self.rows]

    def _at(self, things: Sequence[T], row: str, column: str) -> T | None:
        index = self.cells.get((row, column))
        return None if index is None else things[index]


def characteristic_matrix(names: Sequence[str]) -> Matrix | None:
    """Split «М8, 40», «красный / 42» into two axes; None where that would help nobody.

    All names split into two by one separator, each pair comes once, both axes have at least two values
    and at least half of the cells are filled. The longer axis goes down: a screen is narrow.
    """
    pairs = _pairs(names)
    if pairs is None or len(set(pairs)) < len(pairs):
        return None
    first, second = ({pair[axis] for pair in pairs} for axis in (0, 1))
    if min(len(first), len(second)) < _FEWEST or len(first) * len(second) > 2 * len(pairs):
        return None
    if len(second) > len(first):
        pairs, first, second = [(row, column) for column, row in pairs], second, first
    if len(second) > _MOST_COLUMNS:
        return None
    return Matrix(
        rows=tuple(sorted(first, key=name_sort_key)),
        columns=tuple(sorted(second, key=name_sort_key)),
        cells={pair: index for index, pair in enumerate(pairs)},
    )


def _pairs(names: Sequence[str]) -> list[tuple[str, str]] | None:
    for separator in _SEPARATORS:
        parts = [[part.strip() for part in name.split(separator)] for name in names]
        if all(len(pair) == 2 and all(pair) for pair in parts):
            return [(pair[0], pair[1]) for pair in parts]
    return None
