"""How cells of a price list look in Excel."""

from typing import Any

from xlsxwriter import Workbook

_LINE = {"border": 1, "border_color": "#D9D9D9"}
_HEAD = {"bold": True, "bg_color": "#E7EDF5", "text_wrap": True, "valign": "vcenter", "align": "center"}
_SHADES = ("#CFDDEE", "#E1EAF4", "#F0F4F9")
_NUMBERS: dict[str, dict[str, Any]] = {
    "count": {"num_format": "0", "font_color": "#808080"},
    "money": {"num_format": "#,##0.00"},
    "money_exact": {"num_format": "#,##0.0000"},
    "whole": {"num_format": "#,##0"},
    "part": {"num_format": "#,##0.###"},
    "weight": {"num_format": "0.000###"},
    "order": {"bg_color": "#FFF2AB", "locked": False} | _LINE,
}
Pair = tuple[int, int]


class Styles:
    """Formats of one book; each text format has a twin with the quote prefix, for texts like formulas.

    `..._numbers` are their numbers in the book, for rows that are written as XML.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._quoted: dict[int, Any] = {}
        self.bold = self._text({"bold": True})
        self.title = self._text({"bold": True, "font_size": 14})
        self.plain = self._text({"valign": "vcenter"})
        self.head = self._text(_HEAD | _LINE)
        self.sum_total = book.add_format({"bold": True, "num_format": "#,##0.00"})
        self.weight_total = book.add_format({"bold": True, "num_format": '#,##0.00" кг"'})
        self.plain_numbers = self._pair(self.plain)
        self.shelf_numbers = [self._pair(self._text({"bold": True, "bg_color": shade})) for shade in _SHADES]
        self.numbers = {
            name: _number(book.add_format(look | {"valign": "vcenter"})) for name, look in _NUMBERS.items()
        }

    def quoted(self, style: object) -> Any:
        """The twin of a text format; of None there is none."""
        return self._quoted.get(id(style))

    def _text(self, look: dict[str, Any]) -> Any:
        style = self._book.add_format(look)
        self._quoted[id(style)] = self._book.add_format(look | {"quote_prefix": True})
        return style

    def _pair(self, style: Any) -> Pair:
        return _number(style), _number(self.quoted(style))


def _number(style: Any) -> int:
    """Under which number the book will keep the format; asking for it makes it one of the book's."""
    return int(style._get_xf_index())
