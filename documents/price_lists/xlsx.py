"""A price list as an Excel file that is an order blank as well: rows go to disk as they are written."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from documents.price_lists.columns import Kind
from documents.price_lists.goods import ListedGoods
from documents.price_lists.paper import PriceList, Told
from documents.price_lists.pictures import Pictures
from documents.price_lists.shelves import Shelf
from documents.price_lists.xlsx_rows import SheetRows
from documents.price_lists.xlsx_styles import Styles
from orders.blank import META_SHEET, ORDER_HEAD, PRICE_HEAD, SKU_HEAD, meta_rows, row_add, rows_digest
from portal.lib.spreadsheets import printable, write_text
from portal.lib.tables.contract import MOST_ROWS
from pricing.terms import ROUBLE

SHEET = "Прайс-лист"
SUM_HEAD, STEP_HEAD, WEIGHT_HEAD = "Сумма, руб.", "step", "weight"
HOW_TO = "Заполните жёлтый столбец и загрузите файл в портал: «Загрузка заказа»."
TOO_LONG = "Список длиннее 10 000 строк и бланком заказа не станет: соберите прайс-лист по разделам."
MOST_BLANK_ROWS = MOST_ROWS - 500
"""Goods of a blank that the portal reads back whole: the head and the sections are rows as well."""
DEEPEST = 7
"""Excel has no more levels of an outline."""
_PICTURE_HEIGHT = 48
_OPTIONS = {"constant_memory": True, "in_memory": False}
_MAY = {"autofilter": True, "format_columns": True, "format_rows": True, "select_locked_cells": True}
_WRONG_TITLE, _WRONG = "Так заказать нельзя", "Укажите число не меньше нуля, кратное упаковке."


def write_xlsx(price_list: PriceList, target: IO[bytes], told: Told | None = None) -> int:
    """Write it; return how many goods it has."""
    book = Workbook(target, _OPTIONS)
    author = printable(price_list.heading.seller)
    book.set_properties({"title": printable(price_list.name), "author": author})
    sheet = _Sheet(book, price_list)
    sheet.head()
    for row in price_list.rows(told):
        if isinstance(row, Shelf):
            sheet.shelf(row)
        else:
            sheet.goods(row)
    sheet.end()
    _write_meta(book, price_list, sheet.digest.hexdigest())
    book.close()
    return sheet.count


@dataclass(frozen=True, slots=True)
class _Places:
    """Numbers of the columns beside the chosen ones; from `sku` on they are hidden."""

    order: int
    total: int
    sku: int
    price: int
    step: int
    weight: int


class _Sheet:
    """The sheet of goods, written from above to below: a row that is done cannot be touched again."""

    def __init__(self, book: Workbook, price_list: PriceList) -> None:
        self.price_list, self.columns = price_list, price_list.columns
        self.styles = Styles(book)
        self.sheet: Any = book.add_worksheet(SHEET)
        first = len(self.columns)
        self.at = _Places(*range(first, first + 6))
        self.digest, self.pictures = rows_digest(), Pictures()
        self.level = self.deepest = self.row = self.count = 0
        self._picture_place = next(
            (place for place, one in enumerate(self.columns) if one.kind is Kind.PICTURE), 0
        )
        self._letters = {
            name: xl_col_to_name(getattr(self.at, name)) for name in ("order", "total", "step", "weight")
        }

    def head(self) -> None:
        """Lines above the table, its totals and heads; all of it stays when one scrolls."""
        heading = self.price_list.heading
        self._text(0, 0, heading.seller, self.styles.bold)
        self._text(1, 0, heading.title, self.styles.title)
        for row, line in enumerate((*heading.lines, self._how_to()), start=2):
            self._text(row, 0, line, self.styles.plain)
        self.row = len(heading.lines) + 3
        self._totals(self.row)
        self.row += 1
        heads = [(one.head, one.width) for one in self.columns]
        heads += [(ORDER_HEAD, 10), (SUM_HEAD, 14), (SKU_HEAD, 8), (PRICE_HEAD, 8)]
        heads += [(STEP_HEAD, 8), (WEIGHT_HEAD, 8)]
        for place, (head, width) in enumerate(heads):
            self.sheet.set_column(place, place, width, None, {"hidden": place >= self.at.sku})
            self._text(self.row, place, head, self.styles.head)
        self.sheet.outline_settings(True, False, True, False)
        self.sheet.freeze_panes(self.row + 1, 0)
        self.row += 1
        self.first = self.row
        self.rows = SheetRows(self.sheet, self.styles, self.columns)

    def _how_to(self) -> str:
        return HOW_TO if self.price_list.listing.total <= MOST_BLANK_ROWS else TOO_LONG

    def shelf(self, shelf: Shelf) -> None:
        self.level = min(shelf.level + 1, DEEPEST) if shelf.title else 0
        self.deepest = max(self.deepest, self.level)
        if shelf.title:
            self.rows.shelf(self.row + 1, shelf.title, self.level - 1, min(shelf.level, 2))
            self.row += 1

    def goods(self, goods: ListedGoods) -> None:
        self.count += 1
        height = self._picture(goods) if goods.picture else None
        self.rows.goods(self.row + 1, goods, self.count, self.level, height)
        row_add(self.digest, goods.sku_id, goods.price)
        self.row += 1

    def end(self) -> None:
        """What spans the whole table: filter, what may be typed, and the protection of all else."""
        last = max(self.row - 1, self.first)
        self.rows.end(last, self.deepest)
        self.sheet.autofilter(self.first - 1, 0, last, self.at.total)
        order, step = (f"{self._letters[name]}{self.first + 1}" for name in ("order", "step"))
        is_multiple = f"MOD(ROUND({order}*1000,0),ROUND({step}*1000,0))=0"
        self.sheet.data_validation(
            self.first,
            self.at.order,
            last,
            self.at.order,
            {
                "validate": "custom",
                "value": f"=AND(ISNUMBER({order}),{order}>=0,{is_multiple})",
                "error_title": _WRONG_TITLE,
                "error_message": _WRONG,
            },
        )
        self.sheet.protect("", _MAY)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(self.first - 1)
        self.sheet.set_footer("&L&A&RСтраница &P из &N")

    def _totals(self, row: int) -> None:
        """They stand above the table, where they stay in sight; its last row is not known yet, a bound is."""
        listing = self.price_list.listing
        first, last = row + 3, row + 3 + listing.total + len(listing.shelves)
        columns = {name: f"{letter}{first}:{letter}{last}" for name, letter in self._letters.items()}
        self._text(row, 0, "Ваш заказ:", self.styles.bold)
        weight = f"=SUMPRODUCT({columns['order']},{columns['weight']})"
        self.sheet.write_formula(row, self.at.order, weight, self.styles.weight_total, 0)
        self.sheet.write_formula(row, self.at.total, f"=SUM({columns['total']})", self.styles.sum_total, 0)

    def _text(self, row: int, place: int, text: str, style: object) -> None:
        write_text(self.sheet, row, place, text, style, self.styles.quoted(style))

    def _picture(self, goods: ListedGoods) -> int | None:
        """Put the picture over its cell; return how tall the row becomes."""
        small = self.pictures.small(goods.picture)
        if small is None:
            return None
        look = {"image_data": BytesIO(small), "x_scale": 0.5, "y_scale": 0.5, "x_offset": 2, "y_offset": 2}
        self.sheet.set_row(self.row, _PICTURE_HEIGHT)  # pictures are measured by it
        self.sheet.insert_image(self.row, self._picture_place, f"{goods.sku_id}.jpg", look)
        return _PICTURE_HEIGHT


def _write_meta(book: Workbook, price_list: PriceList, rows_sha256: str) -> None:
    buyer = price_list.listing.buyer
    meta: Any = book.add_worksheet(META_SHEET)
    rows = meta_rows(
        price_list=price_list.uid,
        city_id=buyer.city.pk,
        contract_id=buyer.contract.pk,
        currency=ROUBLE,
        generated_at=price_list.made_at,
        rows_sha256=rows_sha256,
    )
    for row, (key, value) in enumerate(rows):
        write_text(meta, row, 0, key, None, None)
        write_text(meta, row, 1, value, None, None)
    meta.very_hidden()
