"""What a paper that was laid out in pieces tells of its sheets: which of them another number leaves alone.

The file itself tells it, in an entry of its catalogue that no reader looks at: the row that each sheet
begins with, and a hash of the rows with the head that stands above them on every sheet.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from documents.long_page import LongPage

NUMBER = "/Number"
"""What is printed over a sheet: its number, and the title of the paper with the paper's own number."""
WITHIN = -1
"""Begun within a row, or without any: no piece can begin with such a sheet."""
_ENTRY, _BEGUN, _ROWS = "/PRTL_Sheets", "/Begun", "/Rows"


@dataclass(frozen=True, slots=True)
class KeptSheets:
    """Sheets of an earlier file, without what is printed over them, and the row that each begins with."""

    reader: PdfReader
    begun: list[int]


def begun_rows(rows: Sequence[Sequence[int]], start: int) -> list[int]:
    """The row that begins each sheet of a piece, by the rows on them; `start` is the first of the piece."""
    begun, earlier = [], set[int]()
    for place, on_sheet in enumerate(rows):
        row = min(on_sheet, default=WITHIN) if place else start
        begun.append(WITHIN if row in earlier else row)
        earlier.update(on_sheet)
    return begun


def keep_sheets(writer: PdfWriter, begun: Sequence[int], page: LongPage) -> None:
    """Write down in a file what its sheets begin with."""
    writer.root_object[NameObject(_ENTRY)] = DictionaryObject(
        {
            NameObject(_BEGUN): ArrayObject([NumberObject(row) for row in begun]),
            NameObject(_ROWS): TextStringObject(_rows_hash(page)),
        }
    )


def kept_sheets(content: bytes, page: LongPage) -> KeptSheets | None:
    """What an earlier file holds for a page; None where its rows were others, or it has no pieces."""
    reader = PdfReader(io.BytesIO(content))
    entry = cast(DictionaryObject, reader.root_object.get(_ENTRY, {}))
    if entry.get(_ROWS) != _rows_hash(page):
        return None
    for sheet in reader.pages:
        _uncover(sheet)
    return KeptSheets(reader, [int(row) for row in cast(ArrayObject, entry[_BEGUN])])


def _rows_hash(page: LongPage) -> str:
    return hashlib.sha256("\0".join((page.opening, *page.rows)).encode()).hexdigest()


def _uncover(sheet: PageObject) -> None:
    """Take off what was printed over a sheet, so that nothing of the other number is left in the file."""
    resources = cast(DictionaryObject, sheet["/Resources"].get_object())
    cast(DictionaryObject, resources["/XObject"].get_object()).pop(NUMBER)
    _before, drawn, _after = cast(ArrayObject, sheet["/Contents"].get_object())
    sheet[NameObject("/Contents")] = drawn
