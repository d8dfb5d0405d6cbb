"""Search over a small set of texts: articles, reviews, sections, the properties of a product."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from math import log
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.edits import edit_cost
from catalog.search.guesses import guesses
from catalog.search.keyboard import typed_in_latin, typed_in_russian
from catalog.search.letters import CYRILLIC, MOST_LETTERS, clean
from catalog.search.lexicon import Lexicon
from catalog.search.morphology import lemmas
from catalog.search.prose import analysed, words_of
from catalog.search.sounds import sound
from catalog.search.synonyms import Synonyms
from catalog.search.turning import turn

K = TypeVar("K", bound=Hashable)

_TITLE, _SYNONYM, _OPEN, _HEARD = 3.0, 0.8, 0.6, 0.4
_SHORT, _FEW_LETTERS, _MOST_SLIPS = 3, 4, 2
_MOST_MENDED = 4
"""Of more unknown words the rest stays as typed: each is compared with all words of the texts."""
_ENOUGH = 0.5
"""A text must have at least this share of what the query tells."""


@dataclass(frozen=True, slots=True)
class FoundTexts(Generic[K]):
    """Keys of the texts that answer, best first; `lemmas` are what of them to mark.

    `correction` is the query as it was understood, None when as typed.
    """

    keys: tuple[K, ...] = ()
    lemmas: frozenset[str] = frozenset()
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Lemmas that answer a word of the query, with weights; `text` is the word as it was understood."""

    text: str
    lemmas: Mapping[str, float]
    is_mended: bool = False


class TextSet(Generic[K]):
    """Texts analysed once, to be asked many times; the first line of a text is its title.

    Of two that answer equally well the one given first stands first.
    """

    def __init__(self, texts: Mapping[K, str]) -> None:
        self._keys = tuple(texts)
        self._lengths: list[int] = []
        self._places: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        words: dict[str, None] = {}
        for place, value in enumerate(texts.values()):
            text = analysed(value)
            for lemma in text.title | text.body:
                self._places[lemma].append((place, lemma in text.title))
            words.update(dict.fromkeys(text.words))
            self._lengths.append(text.length)
        words.update(dict.fromkeys(self._places))
        self._words = list(words)

    def __len__(self) -> int:
        return len(self._keys)

    def find(
        self, text: str, *, lexicon: Lexicon, synonyms: Synonyms, literally: bool = False
    ) -> FoundTexts[K]:
        """Texts that answer; `literally` is "as typed": no layout, no correction."""
        typed = " ".join(text[: MOST_LETTERS * 2].split())[:MOST_LETTERS]
        if not self._keys or not typed:
            return FoundTexts()
        versions = [typed] if literally else [typed, turn(typed, lexicon), _turned_whole(typed)]
        for version in dict.fromkeys(versions):
            wanted = self._all_wanted(words_of(version), lexicon, synonyms, 0 if literally else _MOST_MENDED)
            if any(word.lemmas for word in wanted):
                return FoundTexts(
                    keys=self._ordered(wanted),
                    lemmas=frozenset(lemma for word in wanted for lemma in word.lemmas),
                    correction=_correction(typed, version, wanted),
                )
        return FoundTexts()

    def _all_wanted(
        self, words: Iterable[str], lexicon: Lexicon, synonyms: Synonyms, most_mended: int
    ) -> list[_Wanted]:
        """What each word is in these texts; of those that none has, only the first are mended."""
        found: list[_Wanted] = []
        for word in words:
            wanted = self._wanted(word, synonyms)
            # A word of the catalogue is no slip of another.
            if not wanted.lemmas and len(word) >= _SHORT and most_mended and not lexicon.knows(word):
                wanted = self._mended(word, lexicon)
                most_mended -= 1
            found.append(wanted)
        return found

    def _wanted(self, word: str, synonyms: Synonyms) -> _Wanted:
        """The word as it is in these texts, or what begins so; no lemmas when none has it."""
        own = lemmas(word)
        meant = {other: _SYNONYM for lemma in own for phrase in synonyms.of((lemma,)) for other in phrase}
        found = meant | dict.fromkeys(own, 1.0)
        found = {lemma: weight for lemma, weight in found.items() if lemma in self._places}
        if found or len(word) < _SHORT:
            return _Wanted(word, found)
        return _Wanted(word, dict.fromkeys(self._opened(word), _OPEN))

    def _opened(self, word: str) -> list[str]:
        """Lemmas that begin so."""
        start = bisect_left(self._sorted, word)
        return list(takewhile(lambda lemma: lemma.startswith(word), self._sorted[start:]))

    def _mended(self, word: str, lexicon: Lexicon) -> _Wanted:
        """The nearest of the texts' own words, of the catalogue's and by ear."""
        costs: dict[str, tuple[float, str]] = {}
        for asked in dict.fromkeys((word, *lemmas(word))):  # a slip does not hide its ending
            for form in self._near(asked):
                _put(costs, lemmas(form), edit_cost(asked, form), form)
        for guess in guesses(word, lexicon):
            _put(costs, (lemma for lemma in guess.words if lemma in self._places), guess.cost, guess.text)
        for lemma in self._heard.get(sound(word), ()):
            if lemma not in costs:
                costs[lemma] = _HEARD, lemma
        least = min(costs.values(), default=(0.0, word))
        chosen = {lemma: 1.0 for lemma, (cost, _form) in costs.items() if cost <= least[0] + 0.01}
        return _Wanted(least[1], chosen, is_mended=bool(chosen))

    def _near(self, word: str) -> list[str]:
        most = 1 if len(word) <= _FEW_LETTERS else _MOST_SLIPS
        near = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=most, limit=20, processor=None
        )
        return [form for form, _distance, _place in near]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._places)

    @cached_property
    def _heard(self) -> Mapping[str, list[str]]:
        """Lemmas by how they sound, the shortest sounds left out."""
        found: dict[str, list[str]] = defaultdict(list)
        for lemma in self._places:
            found[sound(lemma)].append(lemma)
        return {heard: known for heard, known in found.items() if len(heard) > 2}

    def _telling(self, lemma: str) -> float:
        return log(1 + len(self) / len(self._places[lemma]))

    def _ordered(self, wanted: Iterable[_Wanted]) -> tuple[K, ...]:
        got: dict[int, float] = defaultdict(float)
        bonus: dict[int, float] = defaultdict(float)
        most = 0.0
        for word in wanted:
            best: dict[int, tuple[float, bool]] = {}
            for lemma, weight in word.lemmas.items():
                telling = self._telling(lemma)
                most_here = weight * telling
                for place, is_title in self._places[lemma]:
                    best[place] = max(best.get(place, (0.0, False)), (most_here, is_title))
            most += max((self._telling(lemma) for lemma in word.lemmas), default=0.0)
            for place, (value, is_title) in best.items():
                got[place] += value
                bonus[place] += value * (_TITLE if is_title else 0.0)
        scored = [
            (-(value * 2 + bonus[place] + 1 / self._lengths[place]), place)
            for place, value in got.items()
            if value >= most * _ENOUGH
        ]
        return tuple(self._keys[place] for _, place in sorted(scored))


def find_texts(text: str, texts: Mapping[K, str], *, lexicon: Lexicon, synonyms: Synonyms) -> list[K]:
    """Keys of the texts that answer, best first, of a set that is asked once."""
    return list(TextSet(texts).find(text, lexicon=lexicon, synonyms=synonyms).keys)


def _put(costs: dict[str, tuple[float, str]], found: Iterable[str], cost: float, form: str) -> None:
    for lemma in found:
        costs[lemma] = min(costs.get(lemma, (cost, form)), (cost, form))


def _correction(typed: str, version: str, wanted: Iterable[_Wanted]) -> str | None:
    wanted = list(wanted)
    if version == typed and not any(word.is_mended for word in wanted):
        return None
    return " ".join(word.text for word in wanted)


@lru_cache(1_000)
def _turned_whole(text: str) -> str:
    return typed_in_latin(text) if CYRILLIC.search(clean(text)) else typed_in_russian(text)
