"""Words, codes, numbers and sizes of a text, in order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from catalog.search.letters import code_key
from catalog.search.units import MEASURES, measured, plain_number

MOST_TOKENS = 16


class Kind(Enum):
    WORD = "word"
    NUMBER = "number"
    MEASURE = "measure"
    SIZE = "size"
    RANGE = "range"
    INCH = "inch"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: `raw` as it stands after cleaning, `key` in the one spelling of its kind."""

    kind: Kind
    raw: str
    key: str
    is_cut: bool = False
    """A word cut short by a dot ("обрезн.")."""


_UNIT = "|".join(sorted((re.escape(word) for word in MEASURES), key=len, reverse=True))
_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_PART = rf"{_NUMBER}(?:/\d{{1,3}})?"
_LENGTH = r"(?:мм|mm|см|cm|м|m)"
_END = r"(?![^\W_])"

_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_TIMES = re.compile(rf"(?<=\d)(?:\s?{_LENGTH})?\s?[xх*]\s?(?=\d)|(?<=\d)(?:\s?{_LENGTH})?\sна\s(?=\d)")
_SPACES = re.compile(r"\s+")
_MARKED = re.compile(r"\b(?:ду|dn|dy|д\.у\.)\s?(?=\d)")
_CATEGORY = re.compile(r"\b(?:cat|кат)\.?\s?(?=[3-8]\w?\b)")
_POLES = re.compile(r"\b([1-4])\s?(?:п|p|р)\b|\b([1-4])[- ]?(?:х[- ]?)?полюсн\w*")
_SCAN = re.compile(
    rf"(?P<size>(?:(?<![\w])[мm]\s?)?(?<![\d.]){_PART}(?:x{_PART})+)(?:\s?(?:{_LENGTH}){_END})?"
    rf"|(?<![\w/.-])(?P<inch>(?:[1-9][ -])?\d{{1,2}}/(?:2|4|8|16|32)(?![\d/])|\d{{1,2}}(?=\s?(?:\"|дюйм)))"
    rf"(?P<mark>\s?(?:\"|дюйм\w*|inch\b))?"
    rf"|(?<![\w/.-])(?P<thread>[мm]\s?\d{{1,2}}){_END}(?![./-]\w)"
    rf"|(?<![\w/.-])(?P<range>{_NUMBER}-{_NUMBER})(?![\w/-])(?:\s?(?:{_UNIT})(?![\w/-]))?(?![./-]\w)"
    rf"|(?<![\w/.-])(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT})(?![\w/-])"
    rf"|(?P<chunk>[^\W_]+(?:[-./'+&_*]+[^\W_]+)*)(?P<dot>\.)?"
)
_RATING = re.compile(r"[bcd](\d{1,2})a?")
_WHOLE = re.compile(rf"{_NUMBER}\.?")
_LETTERS = re.compile(r"[^\W\d_]+")
_JOINTS = re.compile(r"[^0-9a-zа-я]+")


def spell(text: str) -> str:
    """A cleaned text with decimal points, `x` of dimensions and the few marks that are written in many
    ways.
    """
    text = _TIMES.sub("x", _DECIMAL.sub(".", _SPACES.sub(" ", text)))
    text = _CATEGORY.sub("cat", _MARKED.sub("dn", text))
    return _POLES.sub(lambda found: f"{found[1] or found[2]}p", text)


def tokens(text: str) -> list[Token]:
    """Tokens of a cleaned and spelled text; at most `MOST_TOKENS`."""
    found: list[Token] = []
    for match in _SCAN.finditer(text):
        found.extend(_token(match))
        if len(found) >= MOST_TOKENS * 3:
            break
    return found


def _token(match: re.Match[str]) -> Iterator[Token]:
    raw = match[0].strip()
    if match["size"]:
        yield Token(Kind.SIZE, raw, _size(match["size"]))
    elif match["inch"]:
        yield from _inch(match, raw)
    elif match["thread"]:
        yield Token(Kind.SIZE, raw, "m" + match["thread"][1:].strip())
    elif match["range"]:
        low, high = match["range"].split("-")
        yield Token(Kind.RANGE, raw, f"{plain_number(low)}-{plain_number(high)}")
    elif match["number"]:
        yield Token(Kind.MEASURE, raw, measured(match["number"], match["unit"]))
    else:
        yield from _chunk(match["chunk"], bool(match["dot"]))


def _size(text: str) -> str:
    text = text.replace(" ", "")
    if text[0] in "мm":
        return "m" + _size(text[1:])
    return "x".join(part if "/" in part else plain_number(part) for part in text.split("x"))


def _inch(match: re.Match[str], raw: str) -> Iterator[Token]:
    """`3/4`, `1 1/4"`, `2 дюйма`; a fraction above one with no mark of inches is a code (`5/4` of a
    radiator).
    """
    text = match["inch"].replace("-", " ")
    whole, _, fraction = text.rpartition(" ")
    above, slash, below = fraction.partition("/")
    if slash and int(above) >= int(below) and not match["mark"]:
        yield Token(Kind.CODE, raw, code_key(raw))
        return
    yield Token(Kind.INCH, raw, f"{whole}-{fraction}" if whole else fraction)


def _chunk(chunk: str, has_dot: bool) -> Iterator[Token]:
    if _WHOLE.fullmatch(chunk) and (chunk[0] != "0" or chunk[1:2] in ("", ".")):
        yield Token(Kind.NUMBER, chunk, plain_number(chunk))
    elif _LETTERS.fullmatch(chunk):
        yield Token(Kind.WORD, chunk, chunk, has_dot and len(chunk) > 2)
    elif any(letter.isdigit() for letter in chunk):
        yield Token(Kind.CODE, chunk, code_key(chunk))
    else:
        yield Token(Kind.WORD, chunk, chunk, has_dot and len(chunk) > 2)


def word_parts(word: str) -> list[str]:
    """Letters of a compound between its joints: `хомут-стяжка` gives both."""
    return [part for part in _JOINTS.split(word) if part]


def code_parts(raw: str) -> list[str]:
    """Keys of a code between its joints: `6205-2RS` gives `6205` and `2rs`; none when it is in one piece."""
    parts = [code_key(part) for part in _JOINTS.split(raw) if part]
    return [part for part in parts if part] if len(parts) > 1 else []


def rating(key: str) -> str:
    """Amperes of a breaker's rating with its curve: `c16`, `c16a` give `16`; empty for other codes."""
    found = _RATING.fullmatch(key)
    return found[1] if found else ""
