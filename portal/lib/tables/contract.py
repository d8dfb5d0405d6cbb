"""What a table is, how big it may be, and how a bad one is refused."""

from dataclasses import dataclass, field

MOST_ROWS, MOST_COLUMNS = 10_000, 50
MOST_CELL = 1_000
MOST_TEXT = 20_000_000
"""Signs in all cells together."""
MOST_BYTES, MOST_ZIPPED_BYTES = 10_000_000, 5_000_000


class TableRefused(Exception):
    """The file cannot be read as a table; `str()` says why, for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file where people know better than we; what is empty is found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its true number in the file, from 1; cells as texts, empty ones at the end left out."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows up to the last one with something in it, and how they were read.

    `encoding` and `delimiter` are of texts, `sheets` and `sheet` of books. `hidden` are rows of the sheets
    that were asked for by name and not meant for the eye.
    """

    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    hidden: dict[str, list[list[str]]] = field(default_factory=dict)
