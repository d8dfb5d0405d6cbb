"""Phrases to suggest: sections, names of goods, brands, queries that had results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np
from rapidfuzz.distance import OSA

from catalog.search.edits import edit_cost
from catalog.search.goods_text import section_term
from catalog.search.letters import clean, code_key
from catalog.search.morphology import STOP_WORDS, fold, forms, is_noun, lemmas
from catalog.search.packing import Array, Deletes, Texts, encodable, pack, unpack
from catalog.search.tokens import Kind, spell, tokens, word_parts

PHRASE, SECTION, BRAND = "phrase", "section", "brand"
_KINDS = (PHRASE, SECTION, BRAND)
_SHORTEST_OPENING, _LONGEST_OPENING = 3, 9
_MOST = 64

Line = tuple[str, str, float, float, float]
Weights = tuple[float, float, float]
USUAL: Weights = (1.0, 0.3, 1.0)
Groups = tuple[tuple[str, ...], ...]


class Phrases:
    """Phrases, best first: `texts` as shown, `keys` cleaned, those of sections with all forms of their words
    behind them; `kinds` beside them.

    `starts` are places of words, sorted by what is written from there to the end of the phrase: phrase by
    number, letter.
    `openings` are beginnings of words, for slips in an unfinished word.
    """

    def __init__(self, arrays: Iterator[Array]) -> None:
        self.texts = Texts.restored(arrays)
        self.keys = Texts.restored(arrays)
        self.kinds = next(arrays)
        self.numbers = next(arrays)
        self.letters = next(arrays)
        self.openings = Texts.restored(arrays)
        self.deletes = Deletes.restored(arrays)

    @classmethod
    def build(cls, phrases: Iterable[Line], weights: Weights = USUAL) -> Phrases:
        """From (text, kind, frequency, margin 0-1, priority); of equal texts of one kind the best stays.

        `weights` are those of the logarithm of frequency, of margin and of priority.
        """
        return cls(iter(_built(phrases, weights)))

    def pack(self) -> bytes:
        arrays = [*self.texts.arrays(), *self.keys.arrays(), self.kinds, self.numbers, self.letters]
        return pack([*arrays, *self.openings.arrays(), *self.deletes.arrays()])

    @classmethod
    def unpack(cls, packed: bytes) -> Phrases:
        return cls(unpack(packed))

    def kind(self, number: int) -> str:
        return _KINDS[int(self.kinds[number])]

    def starting(self, typed: str) -> list[int]:
        """Numbers of phrases with what was typed at the beginning of a word; those that begin so come
        first.
        """
        if not typed or not encodable(typed):
            return []
        first, last = self._range(typed)
        numbers, letters = self.numbers[first:last], self.letters[first:last]
        opening = np.unique(numbers[letters == 0])[:_MOST]
        inside = np.setdiff1d(np.unique(numbers[letters > 0])[:_MOST], opening)
        found = [*opening.tolist(), *inside.tolist()]
        return found or self._by_words(typed, self._opened_by(typed)[: _MOST * 4])

    def sections(self, typed: str) -> list[int]:
        """Numbers of sections whose names have what was typed in any form, or else any noun of it."""
        if not typed or not encodable(typed):
            return []
        found = self._sections(typed)
        if found:
            return found
        nouns = [word for word in typed.split() if len(word) >= _SHORTEST_OPENING and is_noun(fold(word))]
        return list(dict.fromkeys(number for noun in nouns for number in self._sections(noun)))[:_MOST]

    def _sections(self, typed: str) -> list[int]:
        first, last = self._range(typed)
        own = self._of_sections(np.unique(self.numbers[first:last]))[:_MOST].tolist()
        return own or self._by_words(typed, self._of_sections(self._opened_by(typed)))

    def _of_sections(self, numbers: Array) -> Array:
        chosen: Array = numbers[self.kinds[numbers] == _KINDS.index(SECTION)]
        return chosen

    def corrected(self, word: str) -> str | None:
        """The likeliest beginning of a word for one with a slip in it; None when nothing is near."""
        if len(word) <= _SHORTEST_OPENING or not encodable(word):
            return None
        asked = word[:_LONGEST_OPENING]
        near = [self.openings[number] for number in self.deletes.near(asked, 1).tolist()]
        near = [other for other in near if OSA.distance(asked, other, score_cutoff=1) <= 1]
        if not near:
            return None
        return str(
            min(
                near,
                key=lambda other: (edit_cost(asked, other), abs(len(other) - len(asked)), self._best(other)),
            )
        )

    def _best(self, opening: str) -> int:
        first, last = self._range(opening)
        return int(self.numbers[first:last].min(initial=len(self.numbers)))

    def _opened_by(self, typed: str) -> Array:
        """Numbers of phrases that have a word which the last one opens."""
        first, stop = self._range(typed.split()[-1])
        return np.unique(self.numbers[first:stop])

    def _by_words(self, typed: str, numbers: Array) -> list[int]:
        """Those that have the words before the last one as well, in any order."""
        before = typed.split()[:-1]
        stems = [word[: max(3, len(word) - 2)] for word in before]
        return [
            number
            for number in (numbers.tolist() if before else ())
            if all(f" {stem}" in f" {self.keys[number]}" for stem in stems)
        ]

    def _range(self, typed: str) -> tuple[int, int]:
        raw = typed.encode("cp1251", "replace")
        return self._place(raw), self._place(raw + b"\xff")

    def _place(self, raw: bytes) -> int:
        low, high = 0, len(self.numbers)
        while low < high:
            middle = (low + high) // 2
            if self.keys.raw(int(self.numbers[middle]))[self.letters[middle] :] < raw:
                low = middle + 1
            else:
                high = middle
        return low


@lru_cache(20_000)
def phrase_groups(text: str, kind: str) -> Groups:
    """Terms whose goods the phrase promises: any of each group, all groups."""
    if kind == SECTION:
        return ((section_term(text),),)
    groups: list[tuple[str, ...]] = []
    for token in tokens(spell(clean(text))):
        if token.kind is not Kind.WORD:
            groups.append(
                (
                    f"c:{code_key(token.raw)}",
                    f"n:{token.key}",
                    f"s:{token.key}",
                    f"u:{token.key}",
                    f"i:{token.key}",
                )
            )
            continue
        for part in word_parts(token.key):
            if part not in STOP_WORDS and len(part) > 1:
                prefix = "b" if kind == BRAND else "w"
                groups.append(tuple(f"{prefix}:{lemma}" for lemma in lemmas(fold(part))))
    return tuple(groups)


def _built(phrases: Iterable[Line], weights: Weights) -> list[Array]:
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for text, kind, frequency, margin, priority in phrases:
        key = " ".join(clean(text).split())
        if not key or not encodable(key) or not encodable(text):
            continue
        score = weights[0] * log(1 + frequency) + weights[1] * margin + weights[2] * priority
        if (key, kind) not in best or score > best[key, kind][0]:
            best[key, kind] = score, text
    ordered = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    keys = [_with_forms(key) if kind == SECTION else key for (key, kind), _ in ordered]
    starts = sorted(
        (key[letter:].encode("cp1251"), number, letter)
        for number, key in enumerate(keys)
        for letter in _word_starts(key)
    )
    openings = sorted(
        {
            key[letter : letter + length]
            for key in keys
            for letter in _word_starts(key)
            for length in _opening_lengths(key[letter:])
        }
    )
    return [
        *Texts.of(text for _, (_, text) in ordered).arrays(),
        *Texts.of(keys).arrays(),
        np.array([_KINDS.index(kind) for (_, kind), _ in ordered], np.uint8),
        np.array([number for _, number, _ in starts], np.uint32),
        np.array([letter for _, _, letter in starts], np.uint16),
        *Texts.of(openings).arrays(),
        *Deletes.of(openings, 1).arrays(),
    ]


def _with_forms(key: str) -> str:
    """The name of a section with the forms of its words that do not stand in it: it is asked for by any."""
    words = [fold(part) for token in tokens(spell(key)) for part in word_parts(token.key)]
    owners = {lemma for word in words if word not in STOP_WORDS for lemma in lemmas(word)}
    found = {form for lemma in owners for form in forms(lemma) if encodable(form)}
    told = sorted(form for form in found if not any(own.startswith(form) for own in words))
    longest = [form for form, after in pairwise([*told, ""]) if not after.startswith(form)]
    return " ".join((key, *longest))


def _word_starts(key: str) -> Iterator[int]:
    return (
        place for place in range(len(key)) if key[place] != " " and (not place or key[place - 1] in " -/(")
    )


def _opening_lengths(rest: str) -> range:
    word = len(rest.split(" ", 1)[0])
    return range(_SHORTEST_OPENING, min(word, _LONGEST_OPENING) + 1)
