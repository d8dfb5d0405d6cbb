"""Asking the fenced process for the rows of a spreadsheet."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal.lib.tables.contract import Row, Table, TableRefused

_PROJECT = Path(__file__).resolve().parents[3]
_SECONDS = 10
# Not the web process's environment, which holds passwords.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
_TOO_MUCH = "Файл слишком сложный: оставьте один лист с нужными строками и сохраните как XLSX или CSV"


def book_table(content: bytes, *, sheet: str, hidden: Sequence[str]) -> Table:
    """Read the chosen sheet, else the first one with anything in it. Raises TableRefused."""
    asked = json.dumps({"sheet": sheet, "hidden": list(hidden)}).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "portal.lib.tables.process"],
            input=asked + content,
            capture_output=True,
            cwd=_PROJECT,
            env=_ENVIRONMENT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TableRefused(_TOO_MUCH) from error
    if done.returncode:  # out of memory or of its seconds
        raise TableRefused(_TOO_MUCH)
    told: dict[str, Any] = json.loads(done.stdout)
    if "refused" in told:
        raise TableRefused(told["refused"])
    return Table(
        rows=tuple(Row(number, tuple(cells)) for number, cells in told["rows"]),
        sheets=tuple(told["sheets"]),
        sheet=told["sheet"],
        hidden=told["hidden"],
    )
