"""Реквизиты of a document: names made comparable, values read for what they are."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lxml import etree

from integrations.onec.reading.elements import child, child_text, name_of
from integrations.onec.texts import flag, one_line
from portal.lib.dates import MOSCOW

# Letters that look alike; configurations mix them up in their code.
_LATIN = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")
_SPACES = re.compile(r"[\s_]+")
_CODE = re.compile(r"^\[[^\]]{0,20}\]\s*")  # «[N] Принят»
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[TtТт ]\s?(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200  # 0001-01-01 is 1C's empty date

Element = etree._Element


def folded(name: str) -> str:
    """Make a name comparable: no spaces, lower case, ё as е, Latin look-alikes as Cyrillic."""
    return _SPACES.sub("", name).lower().translate(_LATIN)


def state_key(text: str) -> str:
    """Make a status comparable; the code that Bitrix puts before it does not belong to it."""
    return folded(_CODE.sub("", text.strip()))[:100]


def children(element: Element, wrapper: str, name: str) -> list[Element]:
    """Elements of a name inside a wrapper; none where there is no wrapper."""
    holder = child(element, wrapper)
    return [] if holder is None else [item for item in holder if name_of(item) == name]


class Requisites:
    """Named values of a document; of equal names the first that says something."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    @classmethod
    def of(cls, element: Element) -> "Requisites":
        values: dict[str, str] = {}
        for item in children(element, "ЗначенияРеквизитов", "ЗначениеРеквизита"):
            name = folded(child_text(item, "Наименование"))
            values[name] = values.get(name) or child_text(item, "Значение")
        return cls(values)

    def text(self, *names: str, length: int = 100) -> str:
        """The first of the names that is given, on one line."""
        found = next((told for name in names if (told := self._values.get(folded(name)))), "")
        return one_line(found, length)

    def flag(self, *names: str) -> bool:
        return flag(self.text(*names))

    def says(self, name: str) -> bool:
        """Tell whether the реквизит is there with a value."""
        return bool(self._values.get(folded(name)))

    def day(self, *names: str) -> date | None:
        found = document_moment(self.text(*names), MOSCOW)
        return found.date() if found else None


def document_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date of 1C, with or without a time, in the zone of its base.

    None for its empty dates: «T», «Т», 0001-01-01, and for what is no date.
    """
    text = text.strip()
    if found := _ISO.match(text):
        year, month, day, *clock = found.groups()
    elif found := _RUSSIAN.match(text):
        day, month, year, *clock = found.groups()
    else:
        return None
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        hour, minute, second = (int(part or 0) for part in clock)
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
