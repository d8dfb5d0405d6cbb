"""Search over a small set of texts: articles, reviews, sections, values of a property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.edits import edit_cost
from catalog.search.guesses import guesses
from catalog.search.keyboard import typed_in_latin, typed_in_russian
from catalog.search.letters import CYRILLIC, MOST_LETTERS, clean
from catalog.search.lexicon import Lexicon
from catalog.search.morphology import STOP_WORDS, fold, lemmas
from catalog.search.sounds import sound
from catalog.search.synonyms import Synonyms
from catalog.search.tokens import Kind, spell, tokens, word_parts
from catalog.search.turning import turn

_TITLE, _SYNONYM, _OPEN = 3.0, 0.8, 0.6
_MOST_SLIPS = 2
_ENOUGH = 0.5
"""A text must have at least this share of what the query tells."""


@dataclass(frozen=True, slots=True)
class _Text:
    """Lemmas of a text: of its first line, of the rest, and the words themselves in the first line."""

    title: frozenset[str]
    body: frozenset[str]
    words: frozenset[str]
    length: int


def find_texts(text: str, texts: Mapping[int, str], *, lexicon: Lexicon, synonyms: Synonyms) -> list[int]:
    """Keys of the texts that answer, best first; the first line of a text is its title."""
    typed = " ".join(text.split())[:MOST_LETTERS]
    analysed = {key: _analysed(value) for key, value in texts.items()}
    vocabulary = _Vocabulary(analysed.values())
    for version in dict.fromkeys((typed, turn(typed, lexicon), _turned_whole(typed))):
        wanted = [
            vocabulary.wanted(word, lexicon, synonyms) for word in _words(clean(version)[:MOST_LETTERS])
        ]
        if any(wanted):
            return _ordered(analysed, vocabulary, wanted)
    return []


class _Vocabulary:
    """Words of the texts, to mend the query by and to weigh its words."""

    def __init__(self, texts: Iterable[_Text]) -> None:
        self._counts: dict[str, int] = {}
        self._words: dict[str, None] = {}
        self.size = 0
        for text in texts:
            self.size += 1
            for lemma in text.title | text.body:
                self._counts[lemma] = self._counts.get(lemma, 0) + 1
            self._words.update(dict.fromkeys(text.words))

    def telling(self, lemma: str) -> float:
        return log(1 + self.size / self._counts.get(lemma, 1))

    def wanted(self, word: str, lexicon: Lexicon, synonyms: Synonyms) -> dict[str, float]:
        """Lemmas that answer the word, with weights; empty when no text has anything like it."""
        own = [lemma for lemma in lemmas(word) if lemma in self._counts]
        meant = {
            other: _SYNONYM for lemma in lemmas(word) for phrase in synonyms.of((lemma,)) for other in phrase
        }
        found = {lemma: weight for lemma, weight in meant.items() if lemma in self._counts} | dict.fromkeys(
            own, 1.0
        )
        if found or len(word) < 3:
            return found
        opened = [lemma for lemma in self._counts if lemma.startswith(word)]
        return dict.fromkeys(opened, _OPEN) or self._mended(word, lexicon)

    def _mended(self, word: str, lexicon: Lexicon) -> dict[str, float]:
        near = process.extract(
            word, list(self._words), scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=20, processor=None
        )
        costs = {lemma: edit_cost(word, form) for form, _, _ in near for lemma in lemmas(form)}
        for guess in guesses(word, lexicon):
            for lemma in guess.words:
                if lemma in self._counts:
                    costs[lemma] = min(guess.cost, costs.get(lemma, guess.cost))
        heard = sound(word)
        costs |= {
            lemma: 0.4
            for lemma in self._counts
            if lemma not in costs and len(heard) > 2 and sound(lemma) == heard
        }
        least = min(costs.values(), default=0.0)
        return {lemma: 1.0 for lemma, cost in costs.items() if cost <= least + 0.01}


def _ordered(
    texts: Mapping[int, _Text], vocabulary: _Vocabulary, wanted: list[dict[str, float]]
) -> list[int]:
    most = sum(max((vocabulary.telling(lemma) for lemma in own), default=0.0) for own in wanted)
    scored = []
    for key, text in texts.items():
        got, bonus = 0.0, 0.0
        for own in wanted:
            here = [
                (weight * vocabulary.telling(lemma), lemma in text.title)
                for lemma, weight in own.items()
                if lemma in text.title or lemma in text.body
            ]
            if here:
                value, is_title = max(here)
                got += value
                bonus += value * (_TITLE if is_title else 0.0)
        if got >= most * _ENOUGH and got > 0:
            scored.append((-(got * 2 + bonus + 1 / text.length), key))
    return [key for _, key in sorted(scored)]


@lru_cache(20_000)
def _analysed(text: str) -> _Text:
    title, _, body = text.strip().partition("\n")
    own, rest = _words(clean(title)), _words(clean(body))
    every = frozenset((*own, *rest))
    return _Text(_lemmas(own), _lemmas(rest), every, len(own) + 1)


def _lemmas(words: Iterable[str]) -> frozenset[str]:
    return frozenset(lemma for word in words for lemma in lemmas(word))


def _words(text: str) -> list[str]:
    """Words, codes and sizes of a cleaned text; stop words only when there is nothing else."""
    found: list[str] = []
    for token in tokens(spell(text)):
        found += [fold(part) for part in word_parts(token.key)] if token.kind is Kind.WORD else [token.key]
    return [word for word in found if word not in STOP_WORDS] or found


def _turned_whole(text: str) -> str:
    return typed_in_latin(text) if CYRILLIC.search(text.lower()) else typed_in_russian(text)
