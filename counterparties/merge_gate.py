"""Merges and everything that writes under a legal entity do not run at the same moment.

Row locks would not do: a cart that does not exist yet has no row to lock, and a joined row is read
from before the wait. So writers pass a gate before their first read, many at a time, and a merge
closes it. Always the first lock of a transaction, so that it deadlocks with nothing.
"""

from django.db import connection

_GATE = 0x6D65726765  # one number for the whole database


def parties_hold() -> None:
    """Keep legal entities and holdings as they are until the caller's transaction ends."""
    _take("SELECT pg_advisory_xact_lock_shared(%s)")


def parties_close() -> None:
    """Wait for all who hold them and keep new ones waiting until the caller's transaction ends."""
    _take("SELECT pg_advisory_xact_lock(%s)")


def _take(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_GATE])
