"""The quick order pad as a form sends it: a field per cell, or with scripts all rows as one JSON value."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from django.core.exceptions import BadRequest
from django.http import QueryDict

from catalog.web.typed import whole_read
from orders.pad import MOST_ROWS, PadRow, pad_row
from orders.quantities import parse_quantity
from orders.refusals import WrongQuantity

MOST_NAMED = 200
"""Rows whose cells have names: Django takes a thousand fields, a row has four. Scripts send any number."""
_CELLS = ("code", "quantity", "unit", "sku")
_MOST_JSON = 4 * MOST_ROWS
_BETWEEN = re.compile(r"[\t;]")


@dataclass(frozen=True, slots=True)
class PadForm:
    """What a page sent: for which round it was opened, all its rows, and which of them were changed."""

    round: int
    rows: tuple[PadRow, ...]
    changed: frozenset[int] = frozenset()


def pad_form_read(form: QueryDict, kept: Sequence[PadRow]) -> PadForm:
    """Understand a form; `kept` are the rows that the pad holds, of which a page without scripts sends some.

    Raises BadRequest for a value that no page of ours sends.
    """
    rows = _json_rows(str(form["rows"])) if form.get("rows") else _cell_rows(form) + list(kept[MOST_NAMED:])
    changed = (whole_read(number) for number in form.get("changed", "").split(","))
    return PadForm(
        round=whole_read(form.get("round")) or 0,
        rows=tuple(_pasted(_mended(rows, form), form.get("paste", ""))),
        changed=frozenset(number for number in changed if number),
    )


def _cell_rows(form: QueryDict) -> list[PadRow]:
    cells = zip_longest(*(map(str, form.getlist(name)) for name in _CELLS), fillvalue="")
    return [pad_row(*row) for row in cells]


def _json_rows(text: str) -> list[PadRow]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest("Rows are no JSON") from error
    if not isinstance(rows, list) or len(rows) > _MOST_JSON:
        raise BadRequest("Rows are no list of rows")
    return [_json_row(row) for row in rows]


def _json_row(row: object) -> PadRow:
    if not isinstance(row, list) or len(row) != len(_CELLS) or not all(isinstance(cell, str) for cell in row):
        raise BadRequest("A row is no list of four texts")
    return pad_row(*row)


def _mended(rows: list[PadRow], form: QueryDict) -> list[PadRow]:
    """`drop=3` takes the third row away, `fix=3:40` asks 40 base units in it."""
    dropped = whole_read(form.get("drop"))
    number, _colon, quantity = form.get("fix", "").partition(":")
    fixed = whole_read(number)
    if fixed and fixed <= len(rows):
        rows[fixed - 1] = replace(rows[fixed - 1], quantity=pad_row("", quantity).quantity, unit="")
    if dropped and dropped <= len(rows):
        del rows[dropped - 1]
    return rows


def _pasted(rows: list[PadRow], text: str) -> list[PadRow]:
    """Lines of a list below what is typed: code, quantity, unit between tabs, semicolons or spaces."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return rows
    while rows and rows[-1].is_empty:
        rows.pop()
    return rows + [_line_row(line) for line in lines[: MOST_ROWS + 1]]


def _line_row(line: str) -> PadRow:
    cells = _BETWEEN.split(line.strip())
    if len(cells) == 1:
        code, _space, last = line.strip().rpartition(" ")
        cells = [code, last] if code and _is_number(last) else cells
    return pad_row(*cells[:3])


def _is_number(text: str) -> bool:
    try:
        parse_quantity(text)
    except WrongQuantity:
        return False
    return True
