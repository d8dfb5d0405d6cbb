"""A file becomes rows that ask for goods; those that do not are passed over, with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from orders.blank import META_SHEET, ORDER_HEAD, PRICE_HEAD, SKU_HEAD
from orders.recognition.asked import Asked
from orders.recognition.blanks import BlankMeta, blank_meta, is_intact
from orders.recognition.columns import Columns, Meaning, columns_found, is_header_again, is_total
from portal.lib.tables import Layout, Row, Table, table_read

_UNFILLED = 0.5
"""In a list where most rows have no quantity, those are not ordered; elsewhere they were forgotten."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with what it asks for; without it `skipped` says why it asks for nothing."""

    number: int
    cells: tuple[str, ...]
    asked: Asked | None = None
    skipped: str = ""
    price_then: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a person wants the file to be read; None and empty: as it is found out."""

    layout: Layout = field(default_factory=Layout)
    header: int | None = None
    places: Mapping[Meaning, int] | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Chosen":
        """As an upload keeps it."""
        places = kept.get("columns")
        return cls(
            Layout(kept.get("encoding", ""), kept.get("delimiter", ""), kept.get("sheet", "")),
            kept.get("header"),
            None if places is None else {Meaning(name): place for name, place in places.items()},
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a file, how they were read, and what its hidden sheet says where it is a blank of ours."""

    rows: tuple[SheetRow, ...]
    table: Table
    columns: Columns
    blank: BlankMeta | None = None
    is_intact: bool = False

    def told(self) -> dict[str, Any]:
        """How it was read, as an upload keeps it."""
        found: dict[str, Any] = {
            "encoding": self.table.encoding,
            "delimiter": self.table.delimiter,
            "sheet": self.table.sheet,
            "sheets": list(self.table.sheets),
            "header": self.columns.header,
            "columns": {str(meaning): place for meaning, place in self.columns.places.items()},
            "heads": self._heads(),
        }
        return found | ({"blank": self.blank.told(is_intact=self.is_intact)} if self.blank else {})

    def _heads(self) -> list[str]:
        """What each column is called, for the page where they may be chosen."""
        head = next((row.cells for row in self.rows if row.number == self.columns.header), ())
        width = max((len(row.cells) for row in self.rows), default=0)
        return [head[place][:60] if place < len(head) else "" for place in range(width)]


def sheet_read(content: bytes, chosen: Chosen) -> Sheet:
    """Read a file as it is wanted. Raises TableRefused."""
    table = table_read(content, layout=chosen.layout, hidden=(META_SHEET,))
    meta = blank_meta(table.hidden.get(META_SHEET, ()))
    if meta is not None:
        blank = _blank_rows(table)
        if blank is not None:
            rows, columns = blank
            pairs = [
                (row.asked.sku_id or 0, row.price_then) for row in rows if row.asked and row.asked.sku_id
            ]
            return Sheet(tuple(_unordered_skipped(rows)), table, columns, meta, is_intact(meta, pairs))
    columns = _columns(table.rows, chosen)
    return Sheet(tuple(_unfilled_skipped([_row(row, columns) for row in table.rows])), table, columns)


def _columns(rows: Sequence[Row], chosen: Chosen) -> Columns:
    if chosen.places is not None:
        return Columns(chosen.header or 0, chosen.places)
    found = columns_found(rows)
    return found if chosen.header is None else Columns(chosen.header, found.places)


def _row(row: Row, columns: Columns) -> SheetRow:
    if not row.cells:
        return SheetRow(row.number, row.cells, skipped=_("Пустая строка"))
    if row.number <= columns.header:
        is_head = row.number == columns.header
        return SheetRow(row.number, row.cells, skipped=_("Заголовок") if is_head else _("До таблицы"))
    if is_total(row, columns):
        return SheetRow(row.number, row.cells, skipped=_("Итог"))
    if columns.header and is_header_again(row, columns):
        return SheetRow(row.number, row.cells, skipped=_("Заголовок"))
    asked = Asked(
        code=columns.cell(row, Meaning.CODE) or columns.cell(row, Meaning.BARCODE),
        name=columns.cell(row, Meaning.NAME),
        quantity=columns.cell(row, Meaning.QUANTITY),
        unit=columns.cell(row, Meaning.UNIT),
    )
    if not (asked.code or asked.name or asked.quantity):
        return SheetRow(row.number, row.cells, skipped=_("Нет товара и количества"))
    if asked.name and not asked.code and not asked.quantity and sum(map(bool, row.cells)) == 1:
        return SheetRow(row.number, row.cells, skipped=_("Название раздела"))
    return SheetRow(row.number, row.cells, asked)


def _unfilled_skipped(rows: Sequence[SheetRow]) -> Iterable[SheetRow]:
    """Rows of a list in which few quantities are filled in, without those that are not."""
    goods = [row.asked for row in rows if row.asked]
    unfilled = sum(1 for asked in goods if _is_unfilled(asked))
    if not goods or unfilled == len(goods) or unfilled / len(goods) < _UNFILLED:
        return rows
    return [_skipped(row) if row.asked and _is_unfilled(row.asked) else row for row in rows]


def _is_unfilled(asked: Asked) -> bool:
    return asked.quantity.strip() in {"", "0", "-", "–"}


def _skipped(row: SheetRow) -> SheetRow:
    return replace(row, asked=None, skipped=_("Количество не указано"))


def _blank_rows(table: Table) -> tuple[tuple[SheetRow, ...], Columns] | None:
    """Rows of our own order blank by its hidden columns; None where they are gone."""
    wanted = {SKU_HEAD, PRICE_HEAD, ORDER_HEAD}
    head = next((row for row in table.rows if wanted <= set(row.cells)), None)
    if head is None:
        return None
    at = {name: head.cells.index(name) for name in wanted}
    columns = Columns(head.number, {Meaning.QUANTITY: at[ORDER_HEAD]})
    return tuple(_blank_row(row, head.number, at) for row in table.rows), columns


def _blank_row(row: Row, header: int, at: Mapping[str, int]) -> SheetRow:
    cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in at.items()}
    sku = cells[SKU_HEAD]
    if row.number <= header or not (sku.isascii() and sku.isdigit() and len(sku) < 10):
        reason = _("Заголовок") if row.number <= header else _("Название раздела")
        return SheetRow(row.number, row.cells, skipped=reason if row.cells else _("Пустая строка"))
    asked = Asked(code="", name=_first_text(row, at), quantity=cells[ORDER_HEAD], sku_id=int(sku))
    return SheetRow(row.number, row.cells, asked, price_then=_price(cells[PRICE_HEAD]))


def _unordered_skipped(rows: Sequence[SheetRow]) -> Iterable[SheetRow]:
    """Rows of a blank: what has no quantity is not ordered."""
    return (_skipped(row) if row.asked and _is_unfilled(row.asked) else row for row in rows)


def _first_text(row: Row, at: Mapping[str, int]) -> str:
    """The longest text stands for the name."""
    return max(
        (cell for place, cell in enumerate(row.cells) if place not in at.values()), key=len, default=""
    )


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price < Decimal("1e13") else None
