"""Letters of names and queries: one spelling for what looks the same."""

import re
import unicodedata

MOST_LETTERS = 160
"""A query longer than this is cut: nobody types more, and a pasted page would only cost time."""

_FRACTIONS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8", "⅞": " 7/8"}
_SIGNS = str.maketrans(
    {
        **_FRACTIONS,
        **dict.fromkeys("”“„″‟＂", '"'),
        **dict.fromkeys("–—−‑‒―", "-"),
        **dict.fromkeys("×✕✖⨯∗", "*"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        **dict.fromkeys("«»", " "),
        **dict.fromkeys("⌀∅", "ø"),
    }
)
_MARKS = re.compile(r"[\u0300-\u036f]")
_INCHES = re.compile(r"'{2}|′{2}")
_GLYPHS = re.compile(r"[^\w\s\"'+&.,/\\()*=%°;:\[\]{}<>~`@#$^!?|№-]")

_SHORT_I = "\ue010"

_CYRILLIC_TWINS = "авсенкмортху"
_LATIN_TWINS = "abcehkmoptxy"
_TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)
_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_ONLY_CYRILLIC = re.compile(r"[бгджзийлпфцчшщъыьэюяіїєґ]")
_ONLY_LATIN = re.compile(r"[dfgijlnqrsuvwz]")
_NOT_CODE = re.compile(r"[^0-9a-zа-я]+")
CYRILLIC = re.compile(r"[а-я]")
LATIN = re.compile(r"[a-z]")


def clean(text: str) -> str:
    """Lower-case text of plain signs: NFKC, ё as е, é as e, one kind of dash, quote and multiplication
    sign.
    """
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).lower().translate(_SIGNS)
        text = unicodedata.normalize(
            "NFKD", text.replace("й", _SHORT_I)
        )  # marks off letters, but й is a letter
        text = _MARKS.sub("", text).replace(_SHORT_I, "й").replace("\u2044", "/")
    return _GLYPHS.sub(" ", _INCHES.sub('"', text))


def to_latin(text: str) -> str:
    """Letters that look alike in both scripts, as Latin ones."""
    return text.translate(_TO_LATIN)


def to_cyrillic(text: str) -> str:
    """Letters that look alike in both scripts, as Cyrillic ones."""
    return text.translate(_TO_CYRILLIC)


def code_key(text: str) -> str:
    """A code without separators, folded to Latin: `ВА47-29` and `BA 47.29` are one."""
    return _NOT_CODE.sub("", text.lower().translate(_TO_LATIN))


def script_of(word: str) -> str:
    """`cyrillic`, `latin`, or `either` when every letter has a twin."""
    if _ONLY_CYRILLIC.search(word):
        return "cyrillic"
    if _ONLY_LATIN.search(word):
        return "latin"
    return "either"
