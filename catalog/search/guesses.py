"""What an unknown word may have meant, cheapest guess first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log10

from catalog.search.edits import edit_cost
from catalog.search.keyboard import typed_in_latin, typed_in_russian
from catalog.search.letters import CYRILLIC, LATIN
from catalog.search.lexicon import Lexicon
from catalog.search.sounds import russian_spellings

MOST_GUESSES = 12
_MOST_LETTERS = 32
_WEIGHED = 24
_LAYOUT, _SPELLING, _SOUND, _SPLIT, _OPEN = 0.3, 0.3, 0.35, 0.7, 0.75
_SHORT = 3
_POPULAR = 0.06
"""What ten times more goods are worth against a slip: little, it only parts equal guesses."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Words meant (all of them needed), each a lemma; `text` the form to show; `cost` about the number of
    slips.
    """

    text: str
    words: tuple[str, ...]
    cost: float


def guesses(word: str, lexicon: Lexicon) -> list[Guess]:
    """At most `MOST_GUESSES`, cheapest first; a word of one or two letters is never guessed at."""
    if len(word) < _SHORT or len(word) > _MOST_LETTERS:
        return list(_turned(word, lexicon))
    best: dict[tuple[str, ...], Guess] = {}
    for guess in (
        *_turned(word, lexicon),
        *_spelled(word, lexicon),
        *_slips(word, lexicon),
        *_heard(word, lexicon),
        *_split(word, lexicon),
        *_open(word, lexicon),
    ):
        known = best.get(guess.words)
        if known is None or guess.cost < known.cost:
            best[guess.words] = guess
    return sorted(best.values(), key=lambda guess: guess.cost)[:MOST_GUESSES]


def _slips(word: str, lexicon: Lexicon, extra: float = 0.0) -> Iterator[Guess]:
    """Slips of fingers and ear; a word of three letters may have one."""
    near = lexicon.near(word, 1 if len(word) <= _SHORT else 2)
    for found in near[: _WEIGHED * 3]:
        cost = edit_cost(word, found.form) + extra - _popularity(found.goods)
        yield Guess(found.form, (found.word,), cost)


def _popularity(goods: int) -> float:
    return _POPULAR * log10(1 + goods)


def _turned(word: str, lexicon: Lexicon) -> Iterator[Guess]:
    turned = typed_in_latin(word) if CYRILLIC.search(word) else typed_in_russian(word)
    if not turned.isalpha():
        return
    for owner in lexicon.owners_of(turned):
        yield Guess(turned, (owner,), _LAYOUT)
    if len(turned) > _SHORT and LATIN.search(word):
        yield from _slips(turned, lexicon, _LAYOUT + 0.3)


def _spelled(word: str, lexicon: Lexicon) -> Iterator[Guess]:
    """Russian words in Latin letters: by a table, then with slips."""
    if CYRILLIC.search(word):
        return
    spellings = russian_spellings(word)
    for spelling in spellings:
        for owner in lexicon.owners_of(spelling):
            yield Guess(spelling, (owner,), _SPELLING)
    if spellings and len(spellings[0]) > _SHORT:
        yield from _slips(spellings[0], lexicon, _SPELLING)


def _heard(word: str, lexicon: Lexicon) -> Iterator[Guess]:
    for found, cost in lexicon.sounding(word):
        if bool(CYRILLIC.search(word)) == bool(CYRILLIC.search(found)):
            cost += 0.3  # within one script it is rather a slip
        yield Guess(found, (found,), _SOUND + cost - _popularity(lexicon.goods_of(found)))


def _split(word: str, lexicon: Lexicon) -> Iterator[Guess]:
    """Two words written as one."""
    for place in range(_SHORT, len(word) - _SHORT + 1):
        left = lexicon.owners_of(word[:place])
        right = lexicon.owners_of(word[place:]) if left else ()
        if left and right:
            yield Guess(f"{word[:place]} {word[place:]}", (left[0], right[0]), _SPLIT)


def _open(word: str, lexicon: Lexicon) -> Iterator[Guess]:
    """A word not typed to its end."""
    if len(word) > _SHORT:
        for found in lexicon.starting(word, 5):
            missing = max(0, len(found) - len(word))
            yield Guess(found, (found,), _OPEN + 0.05 * missing - _popularity(lexicon.goods_of(found)))
