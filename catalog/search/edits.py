"""What a slip of the fingers or of the ear costs."""

from catalog.search.keyboard import NEIGHBOURS

_ALIKE = (
    "оа",
    "еи",
    "еэ",
    "иы",
    "ея",
    "бп",
    "дт",
    "зс",
    "гк",
    "вф",
    "жш",
    "шщ",
    "чщ",
    "цс",
    "юу",
    "ьъ",
    "ий",
    "хг",
    "ae",
    "ie",
    "iy",
    "ck",
    "sz",
    "vw",
    "ou",
    "bp",
    "dt",
)
_SOUNDS_ALIKE = {(pair[0], pair[1]) for pair in _ALIKE} | {(pair[1], pair[0]) for pair in _ALIKE}
_REPLACED, _NEIGHBOUR, _BY_EAR = 1.0, 0.65, 0.5
_MISSED, _DOUBLED, _SIGN, _SWAPPED = 0.85, 0.4, 0.35, 0.55
_FIRST_LETTER = 0.3


_COSTS = dict.fromkeys(NEIGHBOURS, _NEIGHBOUR) | dict.fromkeys(_SOUNDS_ALIKE, _BY_EAR)


def edit_cost(typed: str, meant: str) -> float:
    """Weighted cost of the way from what was meant to what was typed."""
    first = 0.0 if typed[:1] == meant[:1] else _FIRST_LETTER
    start, shortest = 0, min(len(typed), len(meant))
    while start < shortest and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < shortest - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    left = typed[start - 1] if start else ""
    return first + _between(typed[start : len(typed) - end], meant[start : len(meant) - end], left)


def _lone(text: str, left: str) -> list[float]:
    """Cost of each letter that only one of the words has: a doubled one, a soft sign, any; `left` stands
    before it.
    """
    return [
        _DOUBLED if letter == before else _SIGN if letter in "ьъ" else _MISSED
        for before, letter in zip((left, *text), text, strict=False)
    ]


def _between(typed: str, meant: str, left: str) -> float:
    extra, missed = _lone(typed, left), _lone(meant, left)
    before: list[float] = []
    row = [0.0]
    for cost in missed:
        row.append(row[-1] + cost)
    for i, a in enumerate(typed, 1):
        older, before, row = before, row, [row[0] + extra[i - 1]]
        for j, b in enumerate(meant, 1):
            swap = before[j - 1] if a == b else before[j - 1] + _COSTS.get((a, b), _REPLACED)
            best = min(swap, before[j] + extra[i - 1], row[j - 1] + missed[j - 1])
            if i > 1 and j > 1 and a == meant[j - 2] and typed[i - 2] == b:
                best = min(best, older[j - 2] + _SWAPPED)
            row.append(best)
    return row[-1]
