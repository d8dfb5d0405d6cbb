"""Texts that nobody means well by: what a search box gets from scanners, cats and broken clients."""

import random
import string

_ALPHABETS = (
    "абвгдежзийклмнопрстуфхцчшщъыьэюя ", string.printable, "\x00\x01\x07\x1b\x7f\u200b\u202e\ufeff\ud7ff",
    "0123456789.,-/хx*", "🔩🪛😀\u0301\u0308", "אבגד עربي", "ß½²³㎜ⅷﬁ",
)  # fmt: skip
_PIECES = (
    "' OR 1=1 --", '"; DROP TABLE catalog_product; --', "%s%n%x", "{{7*7}}", "<script>alert(1)</script>",
    "(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "../../etc/passwd", "\\x00", "NULL", "кабель",
    "3х2,5", "болт м8х40",
)  # fmt: skip
LONGEST = 5_000


def hostile_texts(number: int, chance: random.Random) -> list[str]:
    """So many texts of 1 to 5,000 letters."""
    return [_text(chance) for _ in range(number)]


def _text(chance: random.Random) -> str:
    length = min(LONGEST, int(chance.paretovariate(0.5)))
    match chance.randrange(4):
        case 0:
            return "".join(chance.choices(chance.choice(_ALPHABETS), k=length))
        case 1:
            return chance.choice(_PIECES) * max(1, length // 20)
        case 2:
            return " ".join(chance.choices(_PIECES, k=max(1, min(300, length // 4))))[:LONGEST]
        case _:
            return "".join(chance.choice(chance.choice(_ALPHABETS)) for _ in range(length))
