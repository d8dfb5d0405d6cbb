"""A page with a table of very many rows, cut into what is laid out apart.

Templates tell the places by comments: `<!--sheet-->` after what stands on every sheet, `<!--table-->` before
the long table, `<!--row-->` before each of its rows (or of groups of rows that stay together) and
`<!--rows-end-->` after the last of them. Names of people cannot hold such a comment: they are escaped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_SHEET, _TABLE, _ROW, _END = "<!--sheet-->", "<!--table-->", "<!--row-->", "<!--rows-end-->"
_PIECE = 150_000
"""Characters of rows that are laid out at once: 500 rows of a mirrored act, 220 of УПД, some 150 MB."""
_OPEN, _CELL, _ID = "<table", "<td", "row-"


@dataclass(frozen=True)
class LongPage:
    """Parts of a page, in the order in which they are printed; `sheet` and `opening` begin every piece."""

    sheet: str
    before: str
    opening: str
    rows: tuple[str, ...]
    after: str

    def piece(self, start: int, end: int) -> str:
        """A page of its own with some of the rows, whose ids tell them: `row-0` is the first of the paper."""
        begun = f"{self.before}{self.opening}"
        if start:  # a table that goes on has nothing above it
            begun = self.opening.replace(_OPEN, f'{_OPEN} style="margin-top: 0"', 1)
        rows = "".join(
            row.replace(_CELL, f'{_CELL} id="{_ID}{start + place}"', 1)
            for place, row in enumerate(self.rows[start:end])
        )
        return f"{self.sheet}{begun}{rows}"

    def ending(self, start: int) -> str:
        """The last piece: the rows that are left and what stands under the table."""
        return f"{self.piece(start, len(self.rows))}{self.after}"

    def piece_end(self, start: int, *, pieces: int = 1) -> int:
        """Where as many pieces end that begin with a row."""
        most = self._ends[start] + pieces * _PIECE
        return next((row for row, end in enumerate(self._ends) if end >= most), len(self.rows))

    @cached_property
    def _ends(self) -> list[int]:
        """How many characters of rows stand before each row, and before the end."""
        return list(accumulate(map(len, self.rows), initial=0))


def rows_on(ids: Iterable[str]) -> list[int]:
    """Which rows have these ids."""
    return [int(name.removeprefix(_ID)) for name in ids if name.startswith(_ID)]


def long_page(html: str) -> LongPage | None:
    """The parts of a page that is too long to be laid out at once; None for any other."""
    sheet, is_marked, rest = html.partition(_SHEET)
    before, _, table = rest.partition(_TABLE)
    opening, *rows = table.split(_ROW)
    if not is_marked or not rows:
        return None
    rows[-1], _, after = rows[-1].partition(_END)
    page = LongPage(sheet, before, opening, tuple(rows), after)
    return page if page.piece_end(0, pieces=2) < len(rows) else None
