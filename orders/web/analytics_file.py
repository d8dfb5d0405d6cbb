"""The tables of a page of charts as a file for a spreadsheet, a sheet for each."""

import tempfile
from collections.abc import Iterable
from decimal import Decimal
from typing import IO, Any

from xlsxwriter import Workbook

from orders.web.analytics_tables import Table
from portal.lib.spreadsheets import write_text

_OPTIONS = {"in_memory": False}
_LONGEST = 31


def tables_file(tables: Iterable[Table]) -> IO[bytes]:
    """Write the tables. The file stands at its beginning and is gone once it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with Workbook(file, _OPTIONS) as book:
        plain, quoted = book.add_format({}), book.add_format({"quote_prefix": True})
        money, head = book.add_format({"num_format": "#,##0.00"}), book.add_format({"bold": True})
        for table in tables:
            sheet: Any = book.add_worksheet(table.title[:_LONGEST])
            sheet.set_column(0, 0, 40)
            sheet.set_column(1, len(table.heads), 18)
            for place, title in enumerate((table.name, *table.heads)):
                sheet.write_string(0, place, title, head)
            for number, row in enumerate(table.rows, 1):
                write_text(sheet, number, 0, row.title, plain, quoted)
                for place, cell in enumerate(row.cells, 1):
                    if cell.value is not None:
                        kind = money if isinstance(cell.value, Decimal) else plain
                        sheet.write_number(number, place, cell.value, kind)
    file.seek(0)
    return file
