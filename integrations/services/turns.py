"""Whose turn it is: files of one base, and its orders, go one after another; bases at the same time."""

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

_FILES, _ORDERS = 0x1C, 0x1D  # advisory locks of the exchange: (this, node)


class NodeBusy(Exception):
    """Another file of the same base is being loaded."""


def turn_take(node_id: int) -> None:
    """Take the base's lock until the end of the transaction. Raises NodeBusy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_FILES, node_id])
        (is_taken,) = cursor.fetchone()
    if not is_taken:
        raise NodeBusy


def orders_turn(node_id: int) -> None:
    """Wait until no other transaction takes orders of the base in or gives them out; hold it till the end.

    Taken before any row: so a `success` and a file that names the same orders do not deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ORDERS, node_id])


def orders_turn_soon(node_id: int) -> None:
    """The same turn for somebody who would rather ask again than wait long (lock_timeout). Raises NodeBusy.

    The caller's transaction is of no use after that.
    """
    try:
        orders_turn(node_id)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise NodeBusy from error
        raise
