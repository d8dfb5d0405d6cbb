"""The process that lays a page of very many rows out in pieces and binds them into one PDF.

A page laid out whole keeps every box of every sheet in memory until the last one is drawn. A piece is laid
out and drawn, and all that is kept of it are its full sheets: the next piece begins with the row that had
begun the sheet after them, so the paper breaks where it would have broken whole. Numbers of sheets are
printed over them at the end, when it is known how many there are.

A paper whose number was taken meanwhile is printed under another one: what shows the number is laid out
anew, its first sheets, its ending and the numbers of sheets; all between them is taken from the earlier file.
"""

import gc
import io
import sys
from collections.abc import Sequence
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from weasyprint import HTML, Document

from documents.long_page import LongPage, long_page, rows_on
from documents.long_pdf_kept import NUMBER, KeptSheets, begun_rows, keep_sheets, kept_sheets
from documents.pdf_process import DenyFetcher, limit

_NO_NUMBERS = (
    "<style>@page { @top-left { content: none } @top-center { content: none } @top-right { content: none } "
    "@bottom-left { content: none } @bottom-center { content: none } @bottom-right { content: none } }"
    "</style>"
)
_ONLY_NUMBERS = "<style>body > * { visibility: hidden } .blank + .blank { break-before: page }</style>"
_BLANK = '<div class="blank"></div>'
_COUNTED = (
    "<style>body {{ counter-reset: sheets {count} }} .pages::after {{ content: counter(sheets) }} "
    ".pages-word::after {{ content: counter(sheets, pages-word) }}</style>"
)


class BoundSheets:
    """A file that grows by sheets, and the row that each of them begins with."""

    def __init__(self) -> None:
        self.writer = PdfWriter()
        self.begun: list[int] = []

    def bind(self, document: Document, count: int, start: int) -> None:
        """Add the first sheets of a piece whose first row is given."""
        kept = document.pages[:count]
        self.begun += begun_rows([rows_on(sheet.anchors) for sheet in kept], start)
        for sheet in kept:
            sheet.anchors.clear()  # ids of rows are ours, no reader jumps to them
        content = io.BytesIO(document.copy(kept).write_pdf())
        if self.writer.pages:
            self.writer.append(content)
        else:
            self.writer.clone_document_from_reader(PdfReader(content))  # with title, author and language

    def bind_kept(self, kept: KeptSheets, first: int, last: int) -> None:
        """Add sheets of an earlier file, from one up to another."""
        self.begun += kept.begun[first:last]
        self.writer.append(kept.reader, pages=(first, last), import_outline=False)


def render_long(page: LongPage, earlier: bytes = b"") -> bytes:
    """Lay a page out piece by piece; `earlier` is the file of the same paper under another number."""
    kept = kept_sheets(earlier, page) if earlier else None
    bound = (_around(page, kept) if kept else None) or _in_pieces(page)
    sheets = bound.writer.pages
    numbers = _laid_out(page.sheet + _ONLY_NUMBERS + _BLANK * len(sheets)).write_pdf()
    for sheet, number in zip(sheets, PdfReader(io.BytesIO(numbers)).pages, strict=True):
        _print_over(bound.writer, sheet, number)
    keep_sheets(bound.writer, bound.begun, page)
    output = io.BytesIO()
    bound.writer.write(output)
    return output.getvalue()


def _in_pieces(page: LongPage) -> BoundSheets:
    bound = BoundSheets()
    start, pieces, is_cut = 0, 1, True
    while is_cut:
        end = page.piece_end(start, pieces=pieces)
        row = _bind_full_sheets(bound, page.piece(start, end), start)
        gc.collect()
        pieces = 1 if row > start else 2 * pieces  # torn rows fill its sheets: a longer piece has full ones
        start, is_cut = row, end < len(page.rows)
    _bind_ending(bound, page.ending(start), start)
    return bound


def _around(page: LongPage, kept: KeptSheets) -> BoundSheets | None:
    """Lay out what shows the number; None where other rows stand on its first sheets under the new one."""
    fresh = [place for place, row in enumerate(kept.begun) if place and row >= 0]
    if not fresh:
        return None
    first, last = fresh[0], fresh[-1]
    end = kept.begun[fresh[1]] if len(fresh) > 1 else len(page.rows)
    bound = BoundSheets()
    row = _bind_full_sheets(bound, page.piece(0, end), 0)
    if (len(bound.begun), row) != (first, kept.begun[first]):
        return None
    if first < last:
        bound.bind_kept(kept, first, last)
    _bind_ending(bound, page.ending(kept.begun[last]), kept.begun[last])
    return bound


def _bind_full_sheets(bound: BoundSheets, piece: str, start: int) -> int:
    """Bind what cannot change any more; the row that the next piece begins with."""
    document = _laid_out(piece + _NO_NUMBERS)
    count, row = full_sheets([rows_on(sheet.anchors) for sheet in document.pages], start)
    if count:
        bound.bind(document, count, start)
    return row


def _bind_ending(bound: BoundSheets, ending: str, start: int) -> None:
    """The end of a paper may say how many sheets there are: that is known when it has been laid out."""
    expected, count, earlier = 0, 1, len(bound.writer.pages)
    while expected != earlier + count:
        expected = earlier + count
        document = _laid_out(ending + _NO_NUMBERS + _COUNTED.format(count=expected))
        count = len(document.pages)
    bound.bind(document, count, start)


def full_sheets(rows: Sequence[Sequence[int]], start: int) -> tuple[int, int]:
    """Of the rows on each sheet of a piece: how many sheets are kept, and the row that comes after them.

    The last sheet is not full, and a sheet that begins within a row cannot be begun anew.
    """
    for count in range(len(rows) - 1, 0, -1):
        earlier = {row for sheet in rows[:count] for row in sheet}
        begun = min(rows[count], default=start)
        if begun > start and begun not in earlier:
            return count, begun
    return 0, start


def _laid_out(html: str) -> Document:
    return HTML(string=html, url_fetcher=DenyFetcher()).render()


def _print_over(writer: PdfWriter, sheet: PageObject, number: PageObject) -> None:
    """Draw a sheet over another; pypdf's own merging takes both apart, which costs more than the layout."""
    content = number.get_contents()
    if content is None:
        raise ValueError("A sheet of numbers is empty")
    form = StreamObject()
    form.set_data(content.get_data())
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): number.mediabox,
            NameObject("/Resources"): number["/Resources"].clone(writer),
        }
    )
    before, after = StreamObject(), StreamObject()
    before.set_data(b"q\n")
    after.set_data(f"\nQ q {NUMBER} Do Q\n".encode())
    shared = cast(DictionaryObject, sheet["/Resources"].get_object())
    forms = DictionaryObject(cast(DictionaryObject, shared.get("/XObject", {})))
    forms[NameObject(NUMBER)] = writer._add_object(form.flate_encode())
    own = DictionaryObject(shared)
    own[NameObject("/XObject")] = forms
    sheet[NameObject("/Resources")] = own
    sheet[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(before), sheet.raw_get("/Contents"), writer._add_object(after)]
    )


def main() -> None:
    limit()
    length = int(sys.argv[1]) if sys.argv[1:] else 0
    earlier, html = sys.stdin.buffer.read(length), sys.stdin.buffer.read().decode()
    page = long_page(html)
    if page is None:
        raise ValueError("The page is not a long one")
    sys.stdout.buffer.write(render_long(page, earlier))


if __name__ == "__main__":
    main()
