"""Numbers of orders: from a database sequence, so that no two orders wait for one another."""

from django.db import connection

SEQUENCE = "orders_order_number_seq"


def next_order_number() -> str:
    """Take the next number, `B0000017`; a refused order leaves a gap, which is allowed here.

    A part adds `-1`, `-2` ...: 1C takes at most 11 characters and never the same number again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        (number,) = cursor.fetchone()
    return f"B{number:07d}"
