"""Files of one base are loaded one after another; different bases at the same time."""

from django.db import connection

_LOCK_SPACE = 0x1C  # advisory locks of the exchange: (this, node)


class NodeBusy(Exception):
    """Another file of the same base is being loaded."""


def turn_take(node_id: int) -> None:
    """Take the base's lock until the end of the transaction. Raises NodeBusy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, node_id])
        (is_taken,) = cursor.fetchone()
    if not is_taken:
        raise NodeBusy
