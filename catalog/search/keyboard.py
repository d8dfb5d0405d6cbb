"""Keys of the two keyboard layouts."""

import re

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю."
_LATIN_SHIFTED = '~{}:"<>?@#$^&'
_CYRILLIC_SHIFTED = 'ёхъжэбю,"№;:?'

_TO_CYRILLIC = str.maketrans(_LATIN_KEYS + _LATIN_SHIFTED, _CYRILLIC_KEYS + _CYRILLIC_SHIFTED)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS[:-1] + '"', _LATIN_KEYS[:-1] + "@")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,/](?=\d)")
_KEPT = {".": "\ue000", ",": "\ue001", "/": "\ue002"}

_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"), ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def typed_in_russian(text: str) -> str:
    """What the same keys give in the Russian layout: `rf,tkm` is кабель; signs between digits stay."""
    kept = _BETWEEN_DIGITS.sub(lambda found: _KEPT[found[0]], text.lower())
    turned = kept.translate(_TO_CYRILLIC)
    for sign, place in _KEPT.items():
        turned = turned.replace(place, sign)
    return turned


def typed_in_latin(text: str) -> str:
    """What the same keys give in the Latin layout: `ыефнук` is stayer."""
    return text.lower().translate(_TO_LATIN)


def _neighbours() -> frozenset[tuple[str, str]]:
    pairs = set()
    for rows in _ROWS:
        places = {
            letter: (row, column) for row, letters in enumerate(rows) for column, letter in enumerate(letters)
        }
        for one, (row, column) in places.items():
            for other, (other_row, other_column) in places.items():
                shift = other_column - column + (other_row - row) * 0.5
                if one != other and abs(row - other_row) <= 1 and abs(shift) <= 1:
                    pairs.add((one, other))
    return frozenset(pairs)


NEIGHBOURS = _neighbours()
"""Pairs of letters whose keys touch."""
