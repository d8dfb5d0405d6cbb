"""Orders of a base go one way at a time."""

from django.db import connection

_LOCK_SPACE = 0x1D  # advisory locks of orders: (this, node)


def orders_turn(node_id: int) -> None:
    """Wait until no other transaction takes orders of the base in or gives them out; hold it till the end.

    Taken before any row: so a `success` and a file that names the same orders do not deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, node_id])
