"""Numbers and texts as people and strangers write them into an address; what is none of these is nothing."""

import re
from collections.abc import Container, Iterable
from decimal import Decimal

from django.http import QueryDict

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_MOST_DIGITS = 9


def whole_read(text: str | None) -> int | None:
    """A whole number of at most nine digits: longer ones are no id and no page."""
    if text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    return None


def known_read(text: str | None, known: Container[str]) -> str | None:
    """One of the known words."""
    return text if text in known else None


def numbers_read(texts: Iterable[str], most: int) -> tuple[int, ...]:
    """Ids, each once, the small ones first."""
    found = {number for number in map(whole_read, texts) if number}
    return tuple(sorted(found)[:most])


def decimal_read(text: str | None) -> Decimal | None:
    """A number as people write it: «1 234,50». No powers of ten, no NaN, at most 15 digits and 6 places."""
    plain = "".join((text or "").split()).replace(",", ".")
    return Decimal(plain) + 0 if _NUMBER.fullmatch(plain) else None


def span_read(
    query: QueryDict, name: str, *, least: Decimal | None = None
) -> tuple[Decimal | None, Decimal | None]:
    """`<name>_from` and `<name>_to`; swapped ones change places, an end below the least is open."""
    low, high = (decimal_read(query.get(f"{name}_{end}")) for end in ("from", "to"))
    if least is not None:
        low, high = (None if end is not None and end < least else end for end in (low, high))
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def number_text(number: Decimal) -> str:
    """A number as an address writes it: `1200`, `2.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_read(text: str | None, most: int) -> str:
    """A text without NUL, which PostgreSQL refuses, and without idle spaces; cut at the most."""
    return " ".join((text or "").replace("\0", " ").split())[:most].strip()
