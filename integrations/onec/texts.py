"""Texts of 1C made regular: spaces, numbers, dates, currencies, ids."""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from portal.lib.dates import MOSCOW

ID_LENGTH = 80

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMPTY_GUID = "00000000-0000-0000-0000-000000000000"
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?|[+-]?\.[0-9]{1,12}")
_SPACES = str.maketrans("", "", " \t\r\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}")
# 1C before 8.3.6 writes the hour without its zero: 2014-12-12T9:51:39.
_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_ROUBLES = {"руб", "руб.", "рубль", "р.", "rur", "rub", "643", "810"}
_HRYVNIAS = {"грн", "грн.", "uah", "980"}


@lru_cache(maxsize=16_384)
def external_key(text: str) -> str:
    """Make an id comparable: trimmed, GUIDs in lower case, the empty GUID as no id.

    Cached: ids of properties, values, price types and warehouses come again with every good.
    """
    text = text.strip()
    if _GUID.fullmatch(text):
        return "" if text == _EMPTY_GUID else text.lower()
    return text


def offer_key(text: str, characteristic: str = "") -> tuple[str, str]:
    """Split «good#characteristic» into its two ids; the second one is empty for the good as such."""
    good, _, own = text.strip().partition("#")
    return external_key(good), external_key(own or characteristic)


def joined_key(good: str, characteristic: str) -> str:
    """Put the two ids of an offer together again."""
    return f"{good}#{characteristic}" if characteristic else good


def number(text: str | None) -> Decimal | None:
    """Read «1 234,50» and the like; None for what is not a plain decimal number."""
    digits = plain_number(text or "")
    return None if digits is None else Decimal(digits)


def plain_number(text: str) -> str | None:
    """Rewrite a decimal number without spaces and with a point; None for anything else."""
    if _NUMBER.fullmatch(text):
        return text
    text = text.translate(_SPACES).replace(",", ".")
    return text if _NUMBER.fullmatch(text) else None


def flag(text: str | None) -> bool:
    """Read 1C's true; anything else is false."""
    return (text or "").strip().lower() in {"true", "1", "да", "истина"}


def moment(text: str | None) -> datetime | None:
    """Read ДатаФормирования: local time of 1C without a zone, taken for Moscow; None for «T» and garbage."""
    found = _MOMENT.match((text or "").strip())
    if not found:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=MOSCOW)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


@lru_cache(maxsize=256)
def currency(text: str) -> str:
    """Name a currency in three Latin letters; roubles when nothing is said."""
    plain = text.strip().lower()
    if not plain or plain in _ROUBLES:
        return "RUB"
    return "UAH" if plain in _HRYVNIAS else plain[:3].upper()


@lru_cache(maxsize=1024)
def requisite_key(text: str) -> str:
    """Make names of реквизиты comparable: «Вид Номенклатуры» and «ВидНоменклатуры» are one."""
    return text.translate(_SPACES).lower().replace("ё", "е")


def one_line(text: str, length: int) -> str:
    """Collapse spaces and cut to what a column takes."""
    return " ".join(text.split())[:length]
