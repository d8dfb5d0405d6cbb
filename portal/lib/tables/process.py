"""The process that opens a spreadsheet, fenced in: a bad one takes this process down and no other.

Reads a line of JSON and the file from its input, writes JSON. It knows no settings and no secrets.
Run as `python -m portal.lib.tables.process`.
"""

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from portal.lib.tables.containers import BROKEN, archive_check
from portal.lib.tables.contract import MOST_CELL, MOST_COLUMNS, TableRefused
from portal.lib.tables.rows import rows_bounded

_MEMORY_BYTES = 500_000_000
_CPU_SECONDS = 8
_MOST_HIDDEN, _MOST_HIDDEN_COLUMNS = 100, 10


def main() -> None:
    fence()
    asked = json.loads(sys.stdin.buffer.readline())
    json.dump(answer(sys.stdin.buffer.read(), **asked), sys.stdout)


def fence() -> None:
    """Hold this process to its memory and seconds; a broken file writes no core either."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(content: bytes, *, sheet: str, hidden: Sequence[str]) -> dict[str, Any]:
    """Rows of the sheet, or under `refused` a reason for the person."""
    try:
        return _read(content, sheet=sheet, hidden=hidden)
    except TableRefused as refusal:
        return {"refused": str(refusal)}
    except PasswordError:
        return {"refused": "Файл закрыт паролем: снимите пароль и загрузите снова"}
    except MemoryError:
        return {"refused": "Файл разворачивается в слишком большой: оставьте нужные строки"}
    except BaseException:  # the boundary: whatever a broken file makes a library say, its panics too
        return {"refused": BROKEN}


def _read(content: bytes, *, sheet: str, hidden: Sequence[str]) -> dict[str, Any]:
    archive_check(content)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    shown = [name for name in shown or book.sheet_names if name not in hidden]
    chosen = sheet if sheet in shown else _first_full(book, shown)
    rows = rows_bounded(_rows(book, chosen))
    return {
        "sheets": shown,
        "sheet": chosen,
        "rows": [(row.number, row.cells) for row in rows],
        "hidden": {name: _told(book, name) for name in hidden if name in book.sheet_names},
    }


def _first_full(book: CalamineWorkbook, names: Sequence[str]) -> str:
    """The first sheet with anything in it."""
    for name in names:
        try:
            if book.get_sheet_by_name(name).start is not None:
                return name
        except CalamineError:  # a chart has no rows
            continue
    raise TableRefused("В файле нет листа с таблицей")


def _told(book: CalamineWorkbook, name: str) -> list[list[str]]:
    """The beginning of a hidden sheet: whoever made it may have put anything there."""
    rows = islice(_rows(book, name), _MOST_HIDDEN)
    return [[cell[:MOST_CELL] for cell in cells[:_MOST_HIDDEN_COLUMNS]] for _number, cells in rows]


def _rows(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the numbers that Excel shows. Columns stand where they stand there."""
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    before = [""] * min(sheet.start[1], MOST_COLUMNS + 1)
    for number, cells in enumerate(sheet.iter_rows(), start=1):  # with the blank ones above the first
        yield number, before + [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """A cell as a person would type it: 10.0 is 10, no float's tail, dates as they are written here."""
    match cell:
        case str():
            return cell
        case bool():
            return "ИСТИНА" if cell else "ЛОЖЬ"
        case int():
            return str(cell)
        case float():
            return _number(cell)
        case datetime():
            return cell.strftime("%d.%m.%Y %H:%M") if cell.time() else cell.strftime("%d.%m.%Y")
        case date():
            return cell.strftime("%d.%m.%Y")
        case time() | timedelta():
            return str(cell)
        case _:
            return ""


def _number(value: float) -> str:
    """Fifteen digits, as Excel keeps them."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    return text if "e" not in text else f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else text


if __name__ == "__main__":
    main()
