"""What to offer while a query is being typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from catalog.search.guesses import guesses
from catalog.search.letters import MOST_LETTERS, clean
from catalog.search.lexicon import Lexicon
from catalog.search.parts import Part, Way, parts_of
from catalog.search.phrases import SECTION, Phrases, phrase_groups
from catalog.search.planning import Planner
from catalog.search.postings import Postings
from catalog.search.scoring import score
from catalog.search.synonyms import Synonyms
from catalog.search.tokens import Kind, spell
from catalog.search.turning import turn

_COUNTED = 3
"""Phrases counted for each one shown: some have nothing in the city."""
_MOST_GOODS = 5
_MOST_SECTIONS = 3
_MOST_MENDED = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A phrase with the exact number of goods it finds; `kind` is phrase, section or brand."""

    text: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`text` is the beginning as it was understood, None when as typed; `goods` ordinals of the best ones."""

    text: str | None
    suggestions: tuple[Suggestion, ...]
    goods: tuple[int, ...]


def suggest(
    text: str,
    *,
    postings: Postings,
    lexicon: Lexicon,
    synonyms: Synonyms,
    phrases: Phrases,
    among: BitMap,
    rank: npt.NDArray[np.float32],
    most: int = 8,
) -> Suggestions:
    """Phrases that go on from what was typed, with exact counts among the goods given, and the best goods."""
    typed = " ".join(text[: MOST_LETTERS * 2].split())[:MOST_LETTERS]
    turned = turn(typed, lexicon, is_open=True)
    planner = Planner(postings, lexicon, synonyms, among)
    key = " ".join(clean(turned)[:MOST_LETTERS].split())
    found = _counted(phrases, phrases.starting(key), planner, among, most)
    if not found:
        corrected = _corrected(key, phrases, lexicon)
        if corrected:
            found = _counted(phrases, phrases.starting(corrected), planner, among, most)
            key = corrected if found else key
    found += _sections(phrases, key, found, planner, among)
    goods = _best_goods(key, planner, lexicon, synonyms, rank)
    is_changed = key != " ".join(clean(typed).split())
    return Suggestions(key if is_changed else None, tuple(found), goods)


def _counted(
    phrases: Phrases, numbers: list[int], planner: Planner, among: BitMap, most: int
) -> list[Suggestion]:
    """The first phrases that find something, all counted after one statement."""
    chosen = [(phrases.texts[number], phrases.kind(number)) for number in numbers[: most * _COUNTED]]
    groups = [phrase_groups(text, kind) for text, kind in chosen]
    planner.ask(term for own in groups for group in own for term in group)
    found: list[Suggestion] = []
    for (text, kind), own in zip(chosen, groups, strict=True):
        count = len(Way(own).goods(planner.known) & among) if own else 0
        if count:
            found.append(Suggestion(text, count, kind))
            if len(found) == most:
                break
    return found


def _sections(
    phrases: Phrases, key: str, found: list[Suggestion], planner: Planner, among: BitMap
) -> list[Suggestion]:
    """Sections that the best phrases have left no room for."""
    told = {one.text for one in found if one.kind == SECTION}
    more = _counted(phrases, phrases.sections(key), planner, among, _MOST_SECTIONS)
    return [one for one in more if one.text not in told][: max(0, _MOST_SECTIONS - len(told))]


def _corrected(key: str, phrases: Phrases, lexicon: Lexicon) -> str | None:
    """The beginning with slips mended: finished words by the lexicon, the last one by beginnings of
    phrases.
    """
    *before, last = key.split() or [""]
    mended = []
    for word in before[:_MOST_MENDED]:
        likely = [] if lexicon.knows(word) else guesses(word, lexicon)
        mended.append(likely[0].text if likely else word)
    opening = last if phrases.starting(last) else phrases.corrected(last)
    return " ".join((*mended, opening)) if opening else None


def _best_goods(
    key: str, planner: Planner, lexicon: Lexicon, synonyms: Synonyms, rank: npt.NDArray[np.float32]
) -> tuple[int, ...]:
    parts = parts_of(spell(key), lexicon, synonyms)
    if not parts:
        return ()
    opened = _opened(parts[-1], planner)
    if opened:
        parts = [*parts[:-1], opened]
    planner.ask(_terms(parts))
    goods = planner.together(parts)
    if not goods or all(part.is_idle for part in parts):
        return ()
    ordinals, scores = score(goods, parts, planner.known, rank)
    best = np.argsort(-scores, kind="stable")[:_MOST_GOODS]
    return tuple(ordinals[best].tolist())


def _opened(part: Part, planner: Planner) -> Part | None:
    """The last part as the beginning of something."""
    if part.kind is Kind.WORD:
        return planner.opened(part.text.split()[-1]) if part.text else None
    return planner.code_opened(part)


def _terms(parts: Iterable[Part]) -> list[str]:
    return [term for part in parts for term in part.terms()]
