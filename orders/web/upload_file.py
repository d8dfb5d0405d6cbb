"""The result of an upload as a file: its own columns, and ours beside them."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from orders.models import Upload, UploadRow
from orders.selectors.upload_rows import UploadRowView, rows_viewed

_OURS = (
    "Результат",
    "Наш артикул",
    "Наименование",
    "Количество",
    "Единица",
    "Цена, ₽",
    "Остаток",
    "Сообщение",
)
_PORTION = 2_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def result_file(upload: Upload, *, on: date) -> FileResponse:
    """All rows in the order of the file; texts stay texts whatever they begin with."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Результат")
    width = max(len(upload.layout.get("heads", [])), 1)
    heads = [*upload.layout.get("heads", []), *[""] * width][:width]
    page.append([text_cell(page, head, is_bold=True) for head in ("Строка", *heads, *_OURS)])
    for view in _views(upload, on):
        page.append(_line(page, view, width))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    name = f"{PurePath(upload.file_name).stem[:100] or 'result'} – результат.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _views(upload: Upload, on: date) -> Iterator[UploadRowView]:
    rows = UploadRow.objects.filter(upload=upload).order_by("position")
    last = -1
    while portion := list(rows.filter(position__gt=last)[:_PORTION]):
        yield from rows_viewed(portion, upload=upload, index=None, on=on)
        last = portion[-1].position


def _line(page: Any, view: UploadRowView, width: int) -> Sequence[Any]:
    row, good = view.row, view.good
    cells = [*row.cells, *[""] * width][:width]
    ours = [
        row.get_state_display(),
        good.article if good else "",
        good.name if good else "",
        row.quantity,
        good.unit if good else "",
        view.quote.amount if view.quote else None,
        view.stock,
        row.message,
    ]
    return [row.position, *(_cell(page, cell) for cell in (*cells, *ours))]


def _cell(page: Any, value: Any) -> Any:
    return text_cell(page, value) if isinstance(value, str) else value


def text_cell(page: Any, text: str, *, is_bold: bool = False) -> Any:
    """A cell that is a text and no formula."""
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", str(text)))
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell
