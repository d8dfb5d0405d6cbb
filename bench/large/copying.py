"""Rows into tables, fast: COPY, with something harmless in columns that a benchmark does not care about."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg

_PORTION = 20_000
_REQUIRED = """
SELECT column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
   AND is_identity = 'NO' ORDER BY ordinal_position"""
_FILLING = {
    "character varying": "",
    "text": "",
    "boolean": "f",
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "numeric": "0",
    "date": "2026-01-12",
    "timestamp with time zone": "2026-11-23 10:41+03",
}
_INDEXES = """
SELECT pg_get_indexdef(i.indexrelid), i.indexrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
  FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
 WHERE i.indrelid = %s::regclass AND NOT i.indisprimary"""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_in(
    connection: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[Sequence[Any]]
) -> None:
    """Add rows with their own ids; columns that are required and not named get an empty value."""
    named = columns.split()
    absent = [
        (name, _FILLING[kind])
        for name, kind in connection.execute(_REQUIRED, [table]).fetchall()
        if name not in named
    ]
    listed = ", ".join(f'"{name}"' for name in [*named, *(name for name, _ in absent)])
    tail = "".join(f"\t{value}" for _, value in absent) + "\n"
    remaining = iter(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
        while portion := list(islice(remaining, _PORTION)):
            copy.write("".join("\t".join(map(_text, row)) + tail for row in portion))
    if "id" in named:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}"
        )


@contextmanager
def indexes_afterwards(connection: psycopg.Connection[Any], *tables: str) -> Iterator[None]:
    """Take the indexes of the tables away and build them again at the end: a third of the time."""
    again: list[str] = []
    for table in tables:
        for index, name, constraint, definition in connection.execute(_INDEXES, [table]).fetchall():
            if constraint:
                connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
                again.append(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}")
            else:
                connection.execute(f"DROP INDEX {name}")
                again.append(index)
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    for statement in again:
        connection.execute(statement)


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    return str(value)
