"""Words of a text that people read, and where in it those stand that were looked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from catalog.search.letters import clean
from catalog.search.morphology import STOP_WORDS, fold, lemmas
from catalog.search.tokens import Kind, spell, tokens, word_parts

Pieces = tuple[tuple[str, bool], ...]
"""A text cut into pieces, each with whether it was looked for."""

_PORTION = 12
_MOST_SPAN = 3
_BEFORE = 3
"""Of so many parts of an excerpt one stands before the word."""
_TAG = re.compile(r"<[^>]*>")
_CHUNK = re.compile(r"[^\W_]+(?:(?:[-./'+&*×]|(?<=\d),(?=\d))+[^\W_]+)*[%°\"]?")


@dataclass(frozen=True, slots=True)
class Prose:
    """Lemmas of a text: of its first line and of the rest; `words` as they stand, `length` of the first."""

    title: frozenset[str]
    body: frozenset[str]
    words: frozenset[str]
    length: int


@lru_cache(20_000)
def analysed(text: str) -> Prose:
    """The first line is the title; sizes and codes are words in their one spelling."""
    title, _, body = text.strip().partition("\n")
    own, rest = _all_words(title), _all_words(body)
    return Prose(_lemmas(own), _lemmas(rest), frozenset((*own, *rest)), len(own) + 1)


def plain(markup: str) -> str:
    """Words of HTML that was cleaned before."""
    return unescape(_TAG.sub(" ", markup))


def words_of(text: str) -> list[str]:
    """Words, codes and sizes of a short text; stop words only when there is nothing else."""
    found = _plain_words(text)
    return [word for word in found if word not in STOP_WORDS] or found


def marked(text: str, sought: Collection[str]) -> Pieces:
    """The text with what of it was looked for told apart."""
    return tuple(_pieces(text, list(_spans(text, sought)), 0, len(text)))


def excerpt(text: str, sought: Collection[str], *, most: int) -> Pieces:
    """As much of the text as there is room for, from a little before the first word that was looked for."""
    text = " ".join(text.split())
    spans = list(_spans(text, sought))
    start, end = _window(text, spans[0][0] if spans else 0, most)
    pieces = tuple(_pieces(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end))
    before, after = (("…", False),) if start else (), (("…", False),) if end < len(text) else ()
    return (*before, *pieces, *after)


def _plain_words(text: str) -> list[str]:
    found: list[str] = []
    for token in tokens(spell(clean(text))):
        found += [fold(part) for part in word_parts(token.key)] if token.kind is Kind.WORD else [token.key]
    return found


def _all_words(text: str) -> list[str]:
    """Of a text of any length, in portions that overlap: what is longer than a query is cut."""
    chunks = text.split()
    found: list[str] = []
    for start in range(0, max(len(chunks), 1), _PORTION):
        found += _plain_words(" ".join(chunks[start : start + _PORTION + 1]))
    return [word for word in found if word not in STOP_WORDS] or found


def _lemmas(words: Iterable[str]) -> frozenset[str]:
    return frozenset(lemma for word in words for lemma in lemmas(word))


@lru_cache(50_000)
def _told_by(span: str) -> frozenset[str]:
    """Lemmas of a piece of text."""
    return _lemmas(_plain_words(span))


@lru_cache(20_000)
def _is_one(span: str) -> bool:
    """Whether several chunks are one size or measure: «3 х 2,5», «100 Вт»."""
    return len(tokens(spell(clean(span)))) == 1


def _spans(text: str, sought: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the text tells any of the lemmas, from left to right, the longest piece first."""
    chunks = [match.span() for match in _CHUNK.finditer(text)] if sought else []
    place = 0
    while place < len(chunks):
        step = 1
        for length in range(_MOST_SPAN, 0, -1):
            if place + length > len(chunks):
                continue
            start, end = chunks[place][0], chunks[place + length - 1][1]
            span = text[start:end]
            if length > 1 and not (any(map(str.isdigit, span)) and _is_one(span)):
                continue
            if not _told_by(span).isdisjoint(sought):
                yield start, end
                step = length
                break
        place += step


def _pieces(text: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[str, bool]]:
    for first, last in spans:
        if start < first:
            yield text[start:first], False
        yield text[first:last], True
        start = last
    if start < end:
        yield text[start:end], False


def _window(text: str, around: int, most: int) -> tuple[int, int]:
    """From the beginning of a word to the end of one."""
    if len(text) <= most:
        return 0, len(text)
    start, before = 0, most // _BEFORE
    if around > before:
        start = text.find(" ", min(around - before, len(text) - most)) + 1
    if start + most >= len(text):
        return start, len(text)
    end = text.rfind(" ", start, start + most)
    return start, end if end > start else start + most  # a word longer than the place is cut
