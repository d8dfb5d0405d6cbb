"""Blocks as rows of a table: their bytes go to the database as they are, not as text."""

from collections.abc import Iterable, Iterator, Sequence

import psycopg
from django.db import connection

from catalog.index.kinds import Kind

Place = tuple[str, int, int]
"""Kind, owner, chunk."""
EVERY_OWNER = -1
"""In the change log: so many blocks of the kind were rewritten that all of them are to be read anew."""

_READ = """
SELECT owner, chunk, payload FROM catalog_indexblock
 WHERE generation_id = %s AND kind = %s AND owner = ANY(%s::bigint[])
   AND (%s::int[] IS NULL OR chunk = ANY(%s::int[]))
"""
_PUT = """
INSERT INTO catalog_indexblock (generation_id, kind, owner, chunk, payload)
SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::int[], %b::bytea[])
ON CONFLICT (generation_id, kind, owner, chunk) DO UPDATE SET payload = EXCLUDED.payload
"""
_COPY = "COPY catalog_indexblock (generation_id, kind, owner, chunk, payload) FROM STDIN (FORMAT BINARY)"
_NOTE = """
INSERT INTO catalog_indexchange (generation_id, kind, owner, chunk)
SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::int[])
"""
_PORTION = 2_000_000
"""About so many bytes of blocks go in one statement."""
_OVERHEAD = 400


def block_rows(
    generation_id: int, kind: Kind, owners: Iterable[int], chunks: Iterable[int] | None = None
) -> list[tuple[int, int, bytes]]:
    """Owner, chunk and bytes of the blocks (`chunks` None: of all pieces); one query."""
    pieces = None if chunks is None else list(chunks)
    with connection.cursor() as cursor:
        cursor.execute(_READ, [generation_id, kind.name, list(owners), pieces, pieces])
        return [(owner, chunk, bytes(payload)) for owner, chunk, payload in cursor.fetchall()]


def blocks_put(generation_id: int, blocks: Sequence[tuple[Place, bytes]]) -> None:
    """Write blocks in the place of those that are there.

    Django's cursor would write bytes into the statement as letters, and whoever wraps its statements (the
    record of changes does) would add others, which the protocol of bytes does not allow.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        for portion in _portions(blocks):
            payloads = [payload for _, payload in portion]
            cursor.execute(_PUT, [generation_id, *_columns(place for place, _ in portion), payloads])


def blocks_copy(generation_id: int, blocks: Iterable[tuple[Place, bytes]]) -> None:
    """Write the blocks of a new generation, in the order of their places."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["int8", "varchar", "int8", "int4", "bytea"])
        for place, payload in blocks:
            copy.write_row((generation_id, *place, payload))


def blocks_note(generation_id: int, places: Iterable[Place]) -> None:
    """Tell readers of the generation which blocks were rewritten."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [generation_id, *_columns(places)])


def _portions(blocks: Sequence[tuple[Place, bytes]]) -> Iterator[Sequence[tuple[Place, bytes]]]:
    """Many small blocks together, large ones by a few."""
    start = size = 0
    for number, (_place, payload) in enumerate(blocks):
        size += len(payload) + _OVERHEAD
        if size >= _PORTION:
            yield blocks[start : number + 1]
            start, size = number + 1, 0
    if start < len(blocks):
        yield blocks[start:]


def _columns(places: Iterable[Place]) -> tuple[list[str], list[int], list[int]]:
    names, owners, chunks = zip(*places, strict=True)
    return list(names), list(owners), list(chunks)
