"""The list of orders as a file for a spreadsheet; rows go to disk as they are written."""

import tempfile
from collections.abc import Iterable
from decimal import Decimal
from typing import IO, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from orders.selectors import OrderRow
from portal.lib.spreadsheets import write_text

MOST_ROWS = 10_000
_OPTIONS = {"constant_memory": True, "in_memory": False, "remove_timezone": True}


def orders_file(portions: Iterable[tuple[OrderRow, ...]], *, sees_money: bool) -> IO[bytes]:
    """Write the rows, what was paid only for one who may see it.

    The file stands at its beginning and is gone once it is closed.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with Workbook(file, _OPTIONS) as book:
        sheet = _Sheet(book, sees_money=sees_money)
        for rows in portions:
            for row in rows:
                sheet.add(row)
    file.seek(0)
    return file


class _Sheet:
    """Heads and rows from above to below."""

    def __init__(self, book: Workbook, *, sees_money: bool) -> None:
        self._sees_money = sees_money
        self._sheet: Any = book.add_worksheet(_("Заказы"))
        self._plain = book.add_format({})
        self._quoted = book.add_format({"quote_prefix": True})
        self._money = book.add_format({"num_format": "#,##0.00"})
        self._moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        self._row = 0
        head = book.add_format({"bold": True})
        for place, (title, width) in enumerate(_heads(sees_money=sees_money)):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, title, head)
        self._sheet.freeze_panes(1, 0)

    def add(self, row: OrderRow) -> None:
        self._row += 1
        for place, value in enumerate(_cells(row, sees_money=self._sees_money)):
            if isinstance(value, str):
                write_text(self._sheet, self._row, place, value, self._plain, self._quoted)
            elif isinstance(value, Decimal | int):
                kind = self._money if isinstance(value, Decimal) else self._plain
                self._sheet.write_number(self._row, place, value, kind)
            else:
                self._sheet.write_datetime(self._row, place, localtime(value), self._moment)


def _heads(*, sees_money: bool) -> tuple[tuple[str, int], ...]:
    return (
        (_("Заказ"), 14),
        (_("В 1С"), 16),
        (_("Номер у клиента"), 18),
        (_("Дата"), 16),
        (_("Клиент"), 28),
        (_("Юрлицо"), 28),
        (_("Договор"), 14),
        (_("Заказал"), 22),
        (_("Менеджер"), 22),
        (_("Состояние"), 20),
        (_("Следующее событие"), 28),
        (_("Строк"), 8),
        (_("Сумма с НДС"), 16),
        (_("К оплате"), 16),
        *([(_("Оплачено"), 16)] if sees_money else []),
        (_("Отгружено, %"), 12),
        (_("Валюта"), 8),
        (_("Откуда"), 10),
    )


def _cells(row: OrderRow, *, sees_money: bool) -> tuple[Any, ...]:
    return (
        row.number,
        row.erp_number,
        row.client_reference,
        row.submitted_at,
        row.holding,
        row.legal_entity,
        row.contract,
        row.author,
        row.manager,
        str(row.state_label),
        row.next_event,
        row.lines,
        row.total,
        row.due,
        *([row.paid] if sees_money else []),
        row.shipped_percent,
        row.currency,
        _("1С") if row.is_from_erp else _("Портал"),
    )
