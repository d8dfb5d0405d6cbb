"""A list of goods as a file: the same goods, columns, prices and stock as on the page."""

import codecs
import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from catalog.masks import is_told_exactly, masked_quantity
from catalog.selectors import GoodsRow, goods_rows
from catalog.selectors.naming import warehouse_names
from catalog.web.asked import Asked
from catalog.web.looks import Look
from catalog.web.offers import Offer, offers_for
from counterparties.selectors import Workplace
from portal.lib.money import NBSP, format_quantity
from portal.lib.spreadsheets import guarded
from pricing.selectors import Recommended, recommended_prices

FORMATS = {"xlsx": _("Excel"), "csv": _("CSV")}
MOST_ROWS, PORTION = 10_000, 1_000
_TITLE = re.compile(r"[\\/*?:\[\]]")
NOTHING = Decimal(0)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | Decimal | None


def export_response(
    *, asked: Asked, workplace: Workplace, look: Look, title: str, kind: str
) -> HttpResponseBase:
    """At most ten thousand rows; a fixed number of queries for each thousand."""
    sheet = _Sheet(asked, workplace, look)
    name = f"{slugify(title, allow_unicode=True) or 'catalog'}.{kind}"
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            sheet.csv(), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
        return response
    return FileResponse(sheet.xlsx(title), as_attachment=True, filename=name, content_type=_XLSX)


class _Sheet:
    """Heads and rows of one list. Texts are str, numbers Decimal: writers tell them apart."""

    def __init__(self, asked: Asked, workplace: Workplace, look: Look) -> None:
        self.asked, self.workplace = asked, workplace
        self.columns = look.columns
        self.is_advised = "recommended" in look.columns and asked.terms is not None
        self.warehouses = warehouse_names(asked.index, workplace.city)

    def heads(self) -> list[str]:
        optional = {"article": "Артикул", "brand": "Бренд", "pack": "Упаковка"}
        shown = {name: head for name, head in optional.items() if name in self.columns}
        lying = list(self.warehouses.values()) if "warehouses" in self.columns else []
        heads = [shown.get("article"), "Наименование", shown.get("brand"), "Единица", shown.get("pack")]
        advised = ["РРЦ, ₽"] if self.is_advised else []
        return [*(head for head in heads if head), self._price_head(), *advised, "В наличии", *lying]

    def _price_head(self) -> str:
        terms = self.asked.terms
        if terms is None or not terms.has_prices:
            return "Цена, ₽"
        return "Цена, ₽ с НДС" if terms.is_vat_included else "Цена, ₽ без НДС"

    def rows(self) -> Iterator[list[Cell]]:
        total = min(len(self.asked.goods), MOST_ROWS)
        for start in range(0, total, PORTION):
            sku_ids = self.asked.page(start, min(start + PORTION, total))
            offers = offers_for(sku_ids=sku_ids, city=self.workplace.city, terms=self.asked.terms)
            advised = self._advised(sku_ids)
            for goods in goods_rows(sku_ids):
                offer = offers[goods.sku_id]
                if offer.available or self.asked.is_absent_listed:
                    yield self._row(goods, offer, advised.get(goods.sku_id))

    def _advised(self, sku_ids: list[int]) -> Mapping[int, Recommended]:
        """РРЦ, where its column is chosen; what the client earns by it his own table can tell."""
        return recommended_prices(sku_ids=sku_ids, own={}, on=self.asked.on) if self.is_advised else {}

    def _row(self, goods: GoodsRow, offer: Offer, advised: Recommended | None) -> list[Cell]:
        packs = ", ".join(f"{name} {format_quantity(held)} {goods.unit}" for name, held in goods.packs)
        cells: list[Cell] = [goods.article] if "article" in self.columns else []
        cells.append(goods.name)
        cells += [goods.brand] if "brand" in self.columns else []
        cells.append(goods.unit)
        cells += [packs.replace(NBSP, " ")] if "pack" in self.columns else []
        cells.append(offer.quote.amount if offer.quote else "по запросу")
        cells += [advised.quote.amount if advised else None] if self.is_advised else []
        cells.append(self._stock(offer.available))
        if "warehouses" in self.columns:
            lies = {stock.warehouse_id: stock.available for stock in offer.stocks}
            cells += [self._stock(lies.get(pk, NOTHING)) for pk in self.warehouses]
        return cells

    def _stock(self, available: Decimal) -> Cell:
        """A number where the person's group is told it, else the words of the page."""
        mask = self.workplace.stock_mask
        return available if is_told_exactly(available, mask) else masked_quantity(available, mask)

    def csv(self) -> Iterator[bytes]:
        yield codecs.BOM_UTF8 + _csv_line([guarded(head) for head in self.heads()])
        for row in self.rows():
            yield _csv_line([guarded(cell) if isinstance(cell, str) else _number(cell) for cell in row])

    def xlsx(self, title: str) -> IO[bytes]:
        book = Workbook(write_only=True)
        page = book.create_sheet(_sheet_title(title))
        page.freeze_panes = "A2"
        for place, head in enumerate(self.heads(), start=1):
            wide = 60 if head == "Наименование" else max(12, len(head) + 2)
            page.column_dimensions[get_column_letter(place)].width = wide
        page.append([_text_cell(page, head, is_bold=True) for head in self.heads()])
        for row in self.rows():
            page.append([_text_cell(page, cell) if isinstance(cell, str) else cell for cell in row])
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        book.save(file)
        file.seek(0)
        return file


def _sheet_title(title: str) -> str:
    """What Excel takes for a name of a sheet: short, without some signs, no apostrophe at its ends."""
    return _TITLE.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", title))[:31].strip(" '") or "Каталог"


def _text_cell(page: Any, text: str, *, is_bold: bool = False) -> Any:
    """A cell that stays text whatever it begins with."""
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(cells)
    return line.getvalue().encode()


def _number(cell: Decimal | None) -> str:
    """A number as Russian Excel reads it."""
    return "" if cell is None else f"{cell:f}".replace(".", ",")
