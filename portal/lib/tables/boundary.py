"""Asking the fenced process for the rows of a spreadsheet."""

import json
from collections.abc import Sequence
from typing import Any

from portal.lib.fence import FenceBroken, fenced
from portal.lib.tables.contract import Row, Table, TableRefused

_SECONDS = 10
_TOO_MUCH = "Файл слишком сложный: оставьте один лист с нужными строками и сохраните как XLSX или CSV"


def book_table(content: bytes, *, sheet: str, hidden: Sequence[str]) -> Table:
    """Read the chosen sheet, else the first one with anything in it. Raises TableRefused."""
    asked = json.dumps({"sheet": sheet, "hidden": list(hidden)}).encode() + b"\n"
    try:
        answer = fenced("portal.lib.tables.process", asked + content, seconds=_SECONDS)
    except FenceBroken as error:  # out of memory or of its seconds
        raise TableRefused(_TOO_MUCH) from error
    told: dict[str, Any] = json.loads(answer)
    if "refused" in told:
        raise TableRefused(told["refused"])
    return Table(
        rows=tuple(Row(number, tuple(cells)) for number, cells in told["rows"]),
        sheets=tuple(told["sheets"]),
        sheet=told["sheet"],
        hidden=told["hidden"],
    )
