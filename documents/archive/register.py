"""The register of an archive: one row for each file, as an XLSX workbook."""

from typing import IO, Any

import xlsxwriter

from documents.archive.papers import ArchivedPaper
from portal.lib.spreadsheets import write_text

HEADS = (
    "Номер",
    "Дата",
    "Вид",
    "Юрлицо",
    "ИНН",
    "Сумма с НДС",
    "в том числе НДС",
    "Валюта",
    "Заказ",
    "Состояние",
    "Файл",
    "SHA-256",
)
_WIDTHS = (14, 11, 22, 32, 14, 14, 14, 8, 14, 14, 48, 66)


class Register:
    """Rows are written one after the other and not kept in memory."""

    def __init__(self, target: IO[bytes]) -> None:
        self._book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False})
        self._sheet = self._book.add_worksheet("Реестр")
        self._plain = self._book.add_format()
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._day = self._book.add_format({"num_format": "dd.mm.yyyy"})
        self._row = 1
        bold = self._book.add_format({"bold": True})
        for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, head, bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, paper: ArchivedPaper, *, name: str, sha256: str) -> None:
        """A file of a paper; without a file the name tells why."""
        it = paper.named
        self._text(0, it.number)
        if it.date:
            self._sheet.write_datetime(self._row, 1, it.date, self._day)
        for column, text in ((2, it.kind), (3, it.firm), (4, it.inn)):
            self._text(column, text)
        for column, sum_ in ((5, it.total), (6, paper.vat)):
            if sum_ is not None:
                self._sheet.write_number(self._row, column, sum_, self._money)
        for column, text in ((7, paper.currency), (8, it.order), (9, paper.state), (10, name), (11, sha256)):
            self._text(column, text)
        self._row += 1

    def close(self) -> None:
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(HEADS) - 1)
        self._book.close()

    def _text(self, column: int, text: Any) -> None:
        write_text(self._sheet, self._row, column, str(text), self._plain, self._quoted)
