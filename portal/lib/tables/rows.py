"""Rows within the limits: cells cleaned of what no text holds, too much refused with a reason."""

import re
from collections.abc import Iterable, Iterator, Sequence

from portal.lib.tables.contract import MOST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Row, TableRefused

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\r\n\x85\u2028\u2029]+")


def rows_bounded(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[Row, ...]:
    """Number and cells of each row; blank rows after the last full one are dropped."""
    kept: list[Row] = []
    blank: list[Row] = []
    for row in _bounded(rows):
        blank.append(row)
        if row.cells:
            kept += blank
            blank = []
    return tuple(kept)


def _bounded(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Row]:
    signs = last = 0
    for number, raw in rows:
        cells = [_cleaned(cell, number) for cell in raw]
        while cells and not cells[-1]:
            cells.pop()
        if not cells and number <= 10 * MOST_ROWS:
            continue
        if number > MOST_ROWS:
            raise TableRefused("В файле больше 10 000 строк: разделите его на несколько")
        if len(cells) > MOST_COLUMNS:
            raise TableRefused(f"В строке {number} больше 50 столбцов: оставьте нужные")
        signs += sum(map(len, cells))
        if signs > MOST_TEXT:
            raise TableRefused("В файле слишком много текста: оставьте нужные столбцы")
        yield from (Row(missing, ()) for missing in range(last + 1, number))
        yield Row(number, tuple(cells))
        last = number


def _cleaned(cell: str, number: int) -> str:
    if len(cell) > MOST_CELL:
        raise TableRefused(f"В строке {number} ячейка длиннее 1000 знаков")
    if cell.isprintable():
        return cell.strip()
    return _BREAKS.sub(" ", _CONTROLS.sub("", cell)).strip()
