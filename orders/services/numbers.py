"""Numbers of orders: from a database sequence, so that no two orders wait for one another."""

from django.db import connection

SEQUENCE = "orders_order_number_seq"
SHIPMENTS = "orders_shipment_number_seq"
QUOTES = "orders_quote_number_seq"
CLAIMS = "orders_claim_number_seq"


def next_order_number() -> str:
    """Take the next number, `B0000017`; a refused order leaves a gap, which is allowed here.

    A part adds `-1`, `-2` ...: 1C takes at most 11 characters and never the same number again.
    """
    return f"B{_next(SEQUENCE):07d}"


def next_shipment_number() -> str:
    """Take the next number of a request for shipment, `S0000017`; gaps are allowed."""
    return f"S{_next(SHIPMENTS):07d}"


def next_quote_number() -> str:
    """Take the next number of a request of prices, `Q0000017`; gaps are allowed."""
    return f"Q{_next(QUOTES):07d}"


def next_claim_number() -> str:
    """Take the next number of a claim, `R0000017`; gaps are allowed."""
    return f"R{_next(CLAIMS):07d}"


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        (number,) = cursor.fetchone()
    return int(number)
