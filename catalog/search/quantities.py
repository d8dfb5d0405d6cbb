"""How much is asked for, split off the query."""

import re
from dataclasses import dataclass
from decimal import Decimal

from catalog.search.units import COUNTS, MEASURES, SOLD_BY_MEASURE, measured, plain_number

_COUNT = "|".join(sorted(map(re.escape, COUNTS), key=len, reverse=True))
_MEASURE = "|".join(
    sorted(
        (re.escape(word) for word, key in MEASURES.items() if key in SOLD_BY_MEASURE), key=len, reverse=True
    )
)
_NUMBER = r"\d{1,7}(?:[.,]\d{1,3})?"
_LAST = r"(?:\s-|[\s,;(])(?P<number>%s)\s?(?P<unit>%s)\.?\s*\)?\s*$"
_FIRST = r"^\s*(?P<number>%s)\s?(?P<unit>%s)\b\.?(?:\s|$)"
_ENDS = tuple(re.compile(end % (_NUMBER, words)) for words in (_COUNT, _MEASURE) for end in (_FIRST, _LAST))
"""Packs before measures: in "2 мешка клея 5 кг" bags are counted; the beginning first: "10 уп рукавицы 5
пар".
"""
_SOLD = {word: key for word, key in MEASURES.items() if key in SOLD_BY_MEASURE}
_BEGUN = re.compile(rf"[\s,;(](?P<number>{_NUMBER})\s?(?P<unit>[а-яa-z]{{1,9}})$")
_POLES, _MOST_POLES = "пpр", 4
"""«автомат 1п» is one pole, not one pack."""
_TIMES = re.compile(r"\s[xх*]\s?(?P<number>\d{1,6})\s*$|\s(?P<after>\d{1,6})\s?[xх*]\s*$")
_SPACED_SIZE = re.compile(r"\d\s[xх*]\s\d+\s*$")
_EDGES = " \t-,;:."
_PIECES = "шт"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query without its quantity; `measure` is the size it would be, had it been one ("5 кг" of paint)."""

    text: str
    quantity: Decimal | None = None
    unit: str = ""
    measure: str = ""


def split_quantity(text: str) -> Asked:
    """Take a number with a unit off either end of a cleaned query, or `x10` off its end."""
    if not any(map(str.isdigit, text)):
        return Asked(text)
    for end in _ENDS:
        found = end.search(text)
        rest = (text[: found.start()] + text[found.end() :]).strip(_EDGES) if found else ""
        if found and rest:
            return _asked(rest, found["number"], found["unit"])
    times = _TIMES.search(text)
    if times and text[: times.start()].strip(_EDGES) and not _SPACED_SIZE.search(text):
        number = times["number"] or times["after"]
        return Asked(text[: times.start()].strip(_EDGES), Decimal(number), _PIECES)
    return Asked(text)


def quantity_begun(text: str) -> Asked | None:
    """What a quantity at the end of a cleaned query would be, were its unit typed on: «200 ш».

    None where the letters are a unit already or open none; where they open several, they stand for the unit.
    """
    found = _BEGUN.search(text)
    rest = text[: found.start()].strip(_EDGES) if found else ""
    if not found or not rest or found["unit"] in MEASURES or found["unit"] in COUNTS:
        return None
    if found["unit"] in _POLES and int(found["number"].partition(".")[0]) <= _MOST_POLES:
        return None
    units = {key for word, key in (COUNTS | _SOLD).items() if word.startswith(found["unit"])}
    if not units:
        return None
    unit = units.pop() if len(units) == 1 else found["unit"]
    return Asked(rest, Decimal(found["number"].replace(",", ".")), unit)


def _asked(rest: str, number: str, unit: str) -> Asked:
    number = number.replace(",", ".")
    if unit in COUNTS:
        return Asked(rest, Decimal(number), COUNTS[unit])
    return Asked(rest, Decimal(plain_number(number)), MEASURES[unit], measured(number, unit))
