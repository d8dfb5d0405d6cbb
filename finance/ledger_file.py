"""Operations under a contract as a workbook."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

from counterparties.models import Contract
from finance.selectors.receivables import LedgerRow
from portal.lib.dates import format_date
from portal.lib.spreadsheets import write_text

_MONEY, _DATE = "#,##0.00", "dd.mm.yyyy"
_HEAD = ("Дата", "Операция", "Номер", "Дата документа", "Дебет", "Кредит", "Сальдо", "Оплатить до")
_WIDTHS = (12, 40, 18, 14, 16, 16, 16, 12)
_FIRST_ROW = 3


def ledger_workbook(
    *, contract: Contract, since: date | None, until: date | None, rows: Sequence[LedgerRow]
) -> bytes:
    """Real numbers and dates, a frozen head; no text becomes a formula."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Взаиморасчеты")
        plain, quoted = book.add_format(), book.add_format({"quote_prefix": True})
        bold = book.add_format({"bold": True})
        money, day = book.add_format({"num_format": _MONEY}), book.add_format({"num_format": _DATE})
        title = f"Договор {contract}, {contract.currency}{_period(since, until)}"
        write_text(sheet, 0, 0, contract.legal_entity.name, bold, bold)
        write_text(sheet, 1, 0, title, plain, quoted)
        for column, (name, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(_FIRST_ROW - 1, column, name, bold)
        for number, row in enumerate(rows, start=_FIRST_ROW):
            sheet.write_datetime(number, 0, row.date, day)
            write_text(sheet, number, 1, row.title, plain, quoted)
            write_text(sheet, number, 2, row.number, plain, quoted)
            sheet.write_datetime(number, 3, row.document_date, day)
            for column, amount in enumerate((row.debit, row.credit, row.balance), start=4):
                sheet.write_number(number, column, amount, money)
            if row.due_date:
                sheet.write_datetime(number, 7, row.due_date, day)
        sheet.freeze_panes(_FIRST_ROW, 0)
    return stream.getvalue()


def _period(since: date | None, until: date | None) -> str:
    since_text = f" с {format_date(since)}" if since else ""
    return since_text + (f" по {format_date(until)}" if until else "")
