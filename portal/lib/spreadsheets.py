"""Texts of people in files that spreadsheets open: none of them may become a formula."""

import re
from typing import Protocol
from xml.sax.saxutils import escape

# The wide signs are ones to spreadsheets of Chinese and Japanese; spaces before a sign hide nothing.
_FORMULA = re.compile("[ \u00a0]*[=+\\-@\t\r\n＝＋－＠]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
MOST_LETTERS = 32_000
"""Excel takes 32,767 in a cell."""


class TextSheet(Protocol):
    """What is asked of a sheet of XlsxWriter."""

    def write_string(self, row: int, col: int, string: str, cell_format: object = None) -> object: ...


def is_like_formula(text: str) -> bool:
    """Whether a spreadsheet that is given the bare text computes it."""
    return _FORMULA.match(text) is not None


def write_text(sheet: TextSheet, row: int, column: int, text: str, plain: object, quoted: object) -> None:
    """The one way of a text into a cell: always of the type of a text, whatever it begins with.

    `quoted` is the format with Excel's quote prefix (the apostrophe before the text): with it the cell
    stays a text when somebody edits it, and still holds the text itself, `-5A` and not `'-5A`.
    """
    told = printable(text)
    sheet.write_string(row, column, told, quoted if is_like_formula(told) else plain)


def text_cell(reference: str, text: str, plain: int, quoted: int) -> str:
    """The same as a piece of a sheet's XML; formats by their numbers in the book."""
    told = printable(text)
    style = quoted if is_like_formula(told) else plain
    if "_x" in told:  # Excel reads `_x0041_` as a letter
        told = _CODED.sub("_x005F_", told)
    if "&" in told or "<" in told or ">" in told:
        told = escape(told)
    if "\r" in told:  # XML would make another sign of it
        told = told.replace("\r", "_x000D_")
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'


def guarded(text: str) -> str:
    """A text for CSV, which has no types: an apostrophe before it says that it is no formula."""
    told = printable(text)
    return f"'{told}" if _FORMULA.match(told) else told


def printable(text: str) -> str:
    """Without what no file of a spreadsheet takes."""
    if text.isprintable() and len(text) <= MOST_LETTERS:
        return text
    return _UNPRINTABLE.sub("", text)[:MOST_LETTERS]
