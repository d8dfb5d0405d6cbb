"""Words of the trade that mean one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from catalog.search.letters import clean
from catalog.search.morphology import STOP_WORDS, fold, lemmas
from catalog.search.tokens import Kind, spell, tokens, word_parts

DICTIONARY = Path(__file__).parent / "dictionary"
_LINE = re.compile(r"^\s*([^#=>]+?)\s*([=>])\s*([^#=>]+?)\s*(?:#.*)?$")

Line = tuple[str, str, bool]
Words = tuple[str, ...]


class Synonyms:
    """Meanings by phrase; both are tuples of lemmas in order, stop words left out."""

    def __init__(self, meanings: dict[Words, tuple[Words, ...]]) -> None:
        self._meanings = meanings
        self.longest = max((len(phrase) for phrase in meanings), default=0)

    @classmethod
    def parse(cls, lines: Iterable[Line]) -> Synonyms:
        """From (phrase, meaning, is mutual): goods of the meaning answer the phrase, and the other way if
        mutual.
        """
        meanings: dict[Words, list[Words]] = {}
        for phrase, meaning, is_mutual in lines:
            one, other = phrase_words(phrase), phrase_words(meaning)
            if not one or not other or one == other:
                continue
            meanings.setdefault(one, []).append(other)
            if is_mutual:
                meanings.setdefault(other, []).append(one)
        return cls({phrase: tuple(dict.fromkeys(found)) for phrase, found in meanings.items()})

    def of(self, phrase: Words) -> tuple[Words, ...]:
        """Meanings of a phrase of lemmas, its words in any order; empty when it has none."""
        found = self._meanings.get(phrase, ())
        if not found and len(phrase) > 1:
            found = self._meanings.get(phrase[::-1], ())
        return found

    def words(self) -> set[str]:
        """All words of the phrases: known words, though no good may have them."""
        return {word for phrase in self._meanings for word in phrase}


def shipped_lines(folder: Path = DICTIONARY) -> Iterator[Line]:
    """The dictionary of the trade that comes with the portal: `a = b` is mutual, `a > b` is found as b."""
    for file in sorted(folder.glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            found = _LINE.match(line)
            if found and not _is_wider(found[1], found[3]):
                yield found[1], found[3], found[2] == "="


def _is_wider(one: str, other: str) -> bool:
    """A pair of which one has all words of the other would only widen a query that is told exactly."""
    ours, theirs = set(phrase_words(one)), set(phrase_words(other))
    return ours <= theirs or theirs <= ours


def phrase_words(text: str) -> Words:
    """Lemmas of a phrase, one for each word."""
    found: list[str] = []
    for token in tokens(spell(clean(text))):
        if token.kind is Kind.WORD:
            found.extend(primary(fold(part)) for part in word_parts(token.key))
        else:
            found.append(token.key)
    return tuple(word for word in found if word not in STOP_WORDS)


@lru_cache(50_000)
def primary(word: str) -> str:
    """The likeliest lemma: the one a phrase is known by."""
    return lemmas(word)[0]
