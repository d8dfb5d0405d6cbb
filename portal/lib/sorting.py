"""Order of Russian names for a database that compares bytes (collation C)."""

import re
import unicodedata

# C order puts ё after я. Every letter from ё on moves one place up, which opens a place after е.
_AFTER_E = "ёжзийклмнопрстуфхцчшщъыьэюя"
_LETTERS = str.maketrans(_AFTER_E, "жзийклмнопрстуфхцчшщъыьэюя\N{CYRILLIC SMALL LETTER IE WITH GRAVE}")
_QUOTES = str.maketrans("", "", "\"'«»„“”‘’")
_NUMBER = re.compile(r"([0-9]+)([.,][0-9]+)?")
_PLACES = 10


def name_sort_key(text: str) -> str:
    """Make a string whose byte order is the Russian order of names: store it and sort by it.

    Case, quotes and extra spaces do not count; ё follows е; numbers compare by value («М8» before
    «М10», «2,5» before «16»).
    """
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().translate(_QUOTES).split())
    return _NUMBER.sub(_padded, plain.translate(_LETTERS))


def _padded(match: re.Match[str]) -> str:
    whole, fraction = match.groups(default="")
    return whole.lstrip("0").zfill(_PLACES) + fraction.replace(",", ".")
