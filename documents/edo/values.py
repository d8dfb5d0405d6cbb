"""Values of a received file: anything that is not spelt as it must be is None and breaks nothing."""

from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

Element = etree._Element

_MOST_DIGITS = 20


def number(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS else None


def day(text: str | None) -> date | None:
    """Of «20.11.2026»."""
    parts = (text or "").strip().split(".")
    try:
        return date(*(int(part) for part in reversed(parts)))
    except (ValueError, TypeError):
        return None


def child(told: Element | None, path: str) -> Element | None:
    return None if told is None else told.find(path)


def attribute(told: Element | None, *names: str) -> str:
    """The first of the attributes that says something."""
    if told is None:
        return ""
    return next((told.get(name, "").strip() for name in names if told.get(name, "").strip()), "")


def words(told: Element | None, path: str) -> str:
    return "" if told is None else (told.findtext(path) or "").strip()


def joined(*texts: str, by: str = " ") -> str:
    return by.join(text for text in texts if text)
