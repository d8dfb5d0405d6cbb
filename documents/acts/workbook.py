"""An act as a workbook of one sheet, laid out as it is printed; what the client fills in can be read back."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from documents.payloads.act import ActContract, ActLine, ActPayload
from portal.lib.dates import format_date
from portal.lib.spreadsheets import write_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = ("Дата", "Документ", "Дебет", "Кредит")
_WIDTHS = (11, 38, 16, 16)
_RIGHT = len(_HEAD)


def act_workbook(payload: ActPayload) -> bytes:
    """Real numbers and dates; no text becomes a formula. The right half is empty unless mirrored."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        _Sheet(book, payload).write()
    return stream.getvalue()


class _Sheet:
    def __init__(self, book: Any, payload: ActPayload) -> None:
        self._payload = payload
        self._sheet = book.add_worksheet("Акт сверки")
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})
        self._quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._bold = book.add_format({"bold": True})
        self._money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self._total = book.add_format({"num_format": "#,##0.00", "bold": True})
        self._day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
        self._row = 0

    def write(self) -> None:
        payload, sheet = self._payload, self._sheet
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        period = f"{format_date(payload.period_from)} - {format_date(payload.period_to)}"
        self._text(0, f"Акт сверки № {payload.number} от {format_date(payload.day)}")
        self._text(0, f"взаимных расчетов за период: {period}")
        self._text(0, f"между {payload.seller.name} и {payload.buyer.name}")
        self._row += 1
        for place, name in ((0, payload.seller.name), (_RIGHT, payload.buyer.name)):
            self._text(place, f"По данным {name}, руб.", stay=True)
        self._row += 1
        for column, (name, width) in enumerate(zip(_HEAD * 2, _WIDTHS * 2, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(self._row, column, name, self._bold)
        sheet.freeze_panes(self._row + 1, 0)
        sheet.repeat_rows(self._row)
        self._row += 1
        for group in payload.groups:
            self._group(group)
        if len(payload.groups) > 1:
            self._sums("Всего сальдо начальное", *_sides(payload.opening))
            self._sums("Всего обороты за период", payload.debit, payload.credit)
            self._sums("Всего сальдо конечное", *_sides(payload.closing))

    def _group(self, group: ActContract) -> None:
        if group.contract is not None:
            paper = group.contract
            self._text(0, f"{paper.name} № {paper.number} от {format_date(paper.day)}")
        self._sums("Сальдо начальное", *_sides(group.opening))
        for line in group.lines:
            self._operation(0, line, line.debit, line.credit)
            if self._payload.is_mirrored:
                self._operation(_RIGHT, line, line.credit, line.debit)
            self._row += 1
        self._sums("Обороты за период", group.debit, group.credit)
        self._sums("Сальдо конечное", *_sides(group.closing))

    def _operation(self, place: int, line: ActLine, debit: Decimal, credit: Decimal) -> None:
        self._sheet.write_datetime(self._row, place, line.day, self._day)
        write_text(self._sheet, self._row, place + 1, line.title, self._plain, self._quoted)
        self._amounts(place, debit, credit, self._money)

    def _sums(self, title: str, debit: Decimal, credit: Decimal) -> None:
        self._text(0, title, stay=True)
        self._text(_RIGHT, title, stay=True)
        self._amounts(0, debit, credit, self._total)
        if self._payload.is_mirrored:
            self._amounts(_RIGHT, credit, debit, self._total)
        self._row += 1

    def _amounts(self, place: int, debit: Decimal, credit: Decimal, style: Any) -> None:
        for column, amount in ((place + 2, debit), (place + 3, credit)):
            if amount:
                self._sheet.write_number(self._row, column, amount, style)

    def _text(self, column: int, text: str, *, stay: bool = False) -> None:
        write_text(self._sheet, self._row, column, text, self._bold, self._bold)
        if not stay:
            self._row += 1


def _sides(balance: Decimal) -> tuple[Decimal, Decimal]:
    """A balance above zero stands on the debit, one below on the credit."""
    return (balance, Decimal(0)) if balance > 0 else (Decimal(0), -balance)
