"""What a slip of the fingers or of the ear costs."""

from catalog.search.keyboard import NEIGHBOURS

_ALIKE = ("оа", "еи", "еэ", "иы", "ея", "бп", "дт", "зс", "гк", "вф", "жш", "шщ", "чщ", "цс", "юу", "ьъ", "ий", "хг", "ae", "ie", "iy", "ck", "sz", "vw", "ou", "bp", "dt")
_SOUNDS_ALIKE = frozenset((one, other) for pair in _ALIKE for one, other in (pair, pair[::-1]))
_REPLACED, _NEIGHBOUR, _BY_EAR = 1.0, 0.65, 0.5
_MISSED, _DOUBLED, _SIGN, _SWAPPED = 0.85, 0.4, 0.35, 0.55
_FIRST_LETTER = 0.3
_TOO_FAR = 9.0


def _replacing(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    if (typed, meant) in _SOUNDS_ALIKE:
        return _BY_EAR
    return _NEIGHBOUR if (typed, meant) in NEIGHBOURS else _REPLACED


def _lone(text: str, place: int, other: str) -> float:
    """Cost of a letter that only one of the words has: a doubled one, a soft sign, any."""
    letter = text[place]
    if letter == other or (place and text[place - 1] == letter):
        return _DOUBLED
    return _SIGN if letter in "ьъ" else _MISSED


def edit_cost(typed: str, meant: str) -> float:
    """Weighted cost of the way from what was meant to what was typed; letters more than three places apart are not compared."""
    before: list[float] = []
    row = [0.0]
    for place in range(len(meant)):
        row.append(row[-1] + _lone(meant, place, ""))
    for i in range(1, len(typed) + 1):
        older, before, row = before, row, [_TOO_FAR] * (len(meant) + 1)
        row[0] = before[0] + _lone(typed, i - 1, "")
        for j in range(max(1, i - 3), min(len(meant), i + 3) + 1):
            a, b = typed[i - 1], meant[j - 1]
            best = before[j - 1] + _replacing(a, b)
            best = min(best, before[j] + _lone(typed, i - 1, b if a == b else ""), row[j - 1] + _lone(meant, j - 1, ""))
            if i > 1 and j > 1 and a == meant[j - 2] and typed[i - 2] == b and a != b:
                best = min(best, older[j - 2] + _SWAPPED)
            row[j] = best
    cost = row[-1]
    return cost + _FIRST_LETTER if typed[:1] != meant[:1] else cost
