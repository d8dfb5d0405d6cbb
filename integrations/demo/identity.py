"""Names that never change from run to run: GUIDs, barcodes and repeatable chance."""

import uuid
from hashlib import blake2b

_ROOT = uuid.UUID("5f0c3a52-8d1b-5c7e-9a44-2b6d1e7f9c30")


def guid(seed: int, *key: str) -> str:
    """Return the id 1C would have given; the same seed and key always give the same id."""
    return str(uuid.uuid5(_ROOT, "/".join((str(seed), *key))))


def ean13(body: str) -> str:
    """Append the check digit to twelve digits (GS1 General Specifications, modulo 10, weights 1 and 3).

    Raises ValueError when the body is not twelve digits.
    """
    if len(body) != 12 or not body.isdecimal():
        raise ValueError(f"Нужно 12 цифр, получено «{body}»")
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


class Noise:
    """Repeatable chance drawn from a name: no clock, no global state, the same on every Python."""

    __slots__ = ("_pool",)

    def __init__(self, *key: str) -> None:
        self._pool = int.from_bytes(blake2b("/".join(key).encode(), digest_size=64).digest())

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 to limit - 1; some forty draws of small limits are independent."""
        self._pool, drawn = divmod(self._pool, limit)
        return drawn

    def between(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both inclusive."""
        return low + self.below(high - low + 1)

    def percent(self, chance: int) -> bool:
        """Tell whether an event of this chance (percent 0-100) happened."""
        return self.below(100) < chance
