"""The process that lays a page of very many rows out in pieces and binds them into one PDF.

A page laid out whole keeps every box of every sheet in memory until the last one is drawn. A piece is laid
out and drawn, and all that is kept of it are its full sheets: the next piece begins with the row that had
begun the sheet after them, so the paper breaks where it would have broken whole. Numbers of sheets are
printed over them at the end, when it is known how many there are.
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


def render_long(page: LongPage) -> bytes:
    """Lay a page out piece by piece."""
    writer = PdfWriter()
    start, pieces, is_cut = 0, 1, True
    while is_cut:
        end = page.piece_end(start, pieces=pieces)
        row = _bind_full_sheets(writer, page.piece(start, end), start)
        gc.collect()
        pieces = 1 if row > start else 2 * pieces  # torn rows fill its sheets: a longer piece has full ones
        start, is_cut = row, end < len(page.rows)
    _bind_ending(writer, page.ending(start))
    numbers = _laid_out(page.sheet + _ONLY_NUMBERS + _BLANK * len(writer.pages)).write_pdf()
    for sheet, number in zip(writer.pages, PdfReader(io.BytesIO(numbers)).pages, strict=True):
        _print_over(writer, sheet, number)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _bind_full_sheets(writer: PdfWriter, piece: str, start: int) -> int:
    """Bind what cannot change any more; the row that the next piece begins with."""
    document = _laid_out(piece + _NO_NUMBERS)
    count, row = full_sheets([rows_on(sheet.anchors) for sheet in document.pages], start)
    if count:
        _bind(writer, document, count)
    return row


def _bind_ending(writer: PdfWriter, ending: str) -> None:
    """The end of a paper may say how many sheets there are: that is known when it has been laid out."""
    expected, count = 0, 1
    while expected != len(writer.pages) + count:
        expected = len(writer.pages) + count
        document = _laid_out(ending + _NO_NUMBERS + _COUNTED.format(count=expected))
        count = len(document.pages)
    _bind(writer, document, count)


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


def _bind(writer: PdfWriter, document: Document, count: int) -> None:
    kept = document.pages[:count]
    for sheet in kept:
        sheet.anchors.clear()  # ids of rows are ours, no reader jumps to them
    content = document.copy(kept).write_pdf()
    if writer.pages:
        writer.append(io.BytesIO(content))
    else:
        writer.clone_document_from_reader(PdfReader(io.BytesIO(content)))  # with title, author and language


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
    after.set_data(b"\nQ q /Number Do Q\n")
    shared = cast(DictionaryObject, sheet["/Resources"].get_object())
    forms = DictionaryObject(cast(DictionaryObject, shared.get("/XObject", {})))
    forms[NameObject("/Number")] = writer._add_object(form.flate_encode())
    own = DictionaryObject(shared)
    own[NameObject("/XObject")] = forms
    sheet[NameObject("/Resources")] = own
    sheet[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(before), sheet.raw_get("/Contents"), writer._add_object(after)]
    )


def main() -> None:
    limit()
    page = long_page(sys.stdin.buffer.read().decode())
    if page is None:
        raise ValueError("The page is not a long one")
    sys.stdout.buffer.write(render_long(page))


if __name__ == "__main__":
    main()
