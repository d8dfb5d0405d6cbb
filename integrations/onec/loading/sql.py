"""Bare statements of a load: COPY into tables, short queries, ids given out beforehand."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_rows(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """Append rows with COPY; `columns` is their comma-separated list."""
    # Making the rows may ask the database, which during a COPY would wait for ever.
    lines = "".join(["\t".join(map(_field, row)) + "\n" for row in rows])
    if not lines:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write(lines)


def _field(value: Any) -> str:
    """A value in COPY's own text format; a load writes millions of them, most of them numbers."""
    if isinstance(value, str):
        return value.translate(_ESCAPES) if _SPECIAL.search(value) else value
    return r"\N" if value is None else str(value)  # numbers, booleans, moments: nothing to escape


def fetch(statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run(statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        touched: int = cursor.rowcount
        return touched


def new_ids(table: str, count: int) -> list[int]:
    """Take ids from the sequence of a table, so that rows can refer to each other before they exist."""
    if not count:
        return []
    rows = fetch(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [int(pk) for (pk,) in rows]
