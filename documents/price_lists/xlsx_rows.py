"""Rows of goods as XML of the sheet: cell by cell through the library fifty thousand rows take half a minute.

XlsxWriter keeps the rows of a sheet in a file of XML when memory is to stay constant. Its own rows come
before ours; from then on it is only told how far the sheet reaches.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from documents.price_lists.columns import Kind, ListColumn
from documents.price_lists.goods import ListedGoods
from documents.price_lists.options import Column
from documents.price_lists.xlsx_styles import Styles
from portal.lib.spreadsheets import text_cell

Written = Callable[[ListedGoods, int], str]


class SheetRows:
    """Writes rows below those that the library has written."""

    def __init__(self, sheet: Any, styles: Styles, columns: Sequence[ListColumn]) -> None:
        self._sheet, self._number, self._text = sheet, styles.numbers, styles.plain_numbers
        self._shelves = styles.shelf_numbers
        self._letters = [xl_col_to_name(place) for place in range(len(columns) + 6)]
        self._fills = [
            (self._letters[place], one.kind, one.fill)
            for place, one in enumerate(columns)
            if one.fill is not None
        ]
        self._counted = [
            self._letters[place] for place, one in enumerate(columns) if one.column is Column.NUMBER
        ]
        (self._price,) = (
            self._letters[place] for place, one in enumerate(columns) if one.column is Column.PRICE
        )
        sheet._write_single_row(0)  # the last row of the library
        self._write = sheet.row_data_fh.write

    def shelf(self, row: int, title: str, level: int, shade: int) -> None:
        """A section's title; `row` counts from 1."""
        cell = text_cell(f"A{row}", title, *self._shelves[shade])
        self._write(f'<row r="{row}"{_level(level)}>{cell}</row>')

    def goods(self, row: int, goods: ListedGoods, count: int, level: int, height: int | None) -> None:
        """A good with what makes its row a line of an order."""
        cells = [
            f'<c r="{letter}{row}" s="{self._number["count"]}"><v>{count}</v></c>' for letter in self._counted
        ]
        for letter, kind, fill in self._fills:
            cell = fill(goods)
            if cell is None or cell == "":
                continue
            cells.append(self._cell(f"{letter}{row}", cell, kind))
        tall = f' ht="{height}" customHeight="1"' if height else ""
        self._write(f'<row r="{row}"{tall}{_level(level)}>{"".join(cells)}{self._order(row, goods)}</row>')

    def end(self, last: int, deepest: int) -> None:
        """Tell the library how far the sheet reaches, in rows from 0 on."""
        self._sheet.dim_rowmax = max(self._sheet.dim_rowmax, last)
        self._sheet.outline_row_level = deepest

    def _cell(self, reference: str, cell: str | Decimal, kind: Kind) -> str:
        if isinstance(cell, str):
            return text_cell(reference, cell, *self._text)
        return f'<c r="{reference}" s="{self._style(kind, cell)}"><v>{cell:f}</v></c>'

    def _style(self, kind: Kind, value: Decimal) -> int:
        if kind is Kind.MONEY:
            # Two digits after the point and two more: those are nought but for parts of a kopeck.
            return self._number["money" if value * 100 % 1 == 0 else "money_exact"]
        if kind is Kind.WEIGHT:
            return self._number["weight"]
        return self._number["whole" if value % 1 == 0 else "part"]

    def _order(self, row: int, goods: ListedGoods) -> str:
        order, total, sku, price, step, weight = self._letters[-6:]
        number = self._number
        bought = ""
        if goods.price is not None:
            bought = (
                f'<c r="{total}{row}" s="{number["money"]}" t="str">'
                f'<f>IF(N({order}{row})&gt;0,ROUND({order}{row}*{self._price}{row},2),"")</f><v></v></c>'
            )
        known = f'<c r="{price}{row}"><v>{goods.price:f}</v></c>' if goods.price is not None else ""
        return (
            f'<c r="{order}{row}" s="{number["order"]}"/>{bought}'
            f'<c r="{sku}{row}"><v>{goods.sku_id}</v></c>{known}'
            f'<c r="{step}{row}"><v>{goods.step:f}</v></c>'
            f'<c r="{weight}{row}"><v>{goods.weight or 0:f}</v></c>'
        )


def _level(level: int) -> str:
    return f' outlineLevel="{level}"' if level else ""
