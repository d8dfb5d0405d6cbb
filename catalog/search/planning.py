"""From parts of a query to goods: guesses for what nobody knows, and what to leave out when nothing has it
all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from catalog.search.guesses import Guess, guesses
from catalog.search.letters import code_key
from catalog.search.lexicon import Lexicon
from catalog.search.morphology import is_noun
from catalog.search.parts import NOTHING, Part, Way, open_part, parts_of
from catalog.search.postings import Postings
from catalog.search.scoring import head_terms
from catalog.search.synonyms import Synonyms
from catalog.search.tokens import Kind

_NOWHERE = 1.0
"""A guess that leaves nothing beside the other words is taken only when it costs no more: about one slip."""
_SURE = 1.3
"""A known word is corrected, when nothing has all the words, by one slip at most."""
_MOST_CODES = 60
_MOST_GUESSED = 4
_MOST_CORRECTED = 6
_LONGEST_RUN = 4
_FIGURES = (Kind.CODE, Kind.NUMBER, Kind.RANGE, Kind.SIZE, Kind.MEASURE)
_IMPORTANCE = {
    Kind.CODE: 4.0,
    Kind.SIZE: 3.5,
    Kind.INCH: 3.4,
    Kind.RANGE: 3.0,
    Kind.MEASURE: 2.6,
    Kind.WORD: 2.0,
    Kind.NUMBER: 1.6,
}
_CODE_LIKE = (Kind.NUMBER, Kind.RANGE)
_HEAD, _BRAND = 4.5, 2.8


@dataclass(frozen=True, slots=True)
class Plan:
    """`goods` that have all of `parts`; `dropped` what none of them had; `is_guessed` if a word was
    replaced.
    """

    parts: tuple[Part, ...]
    goods: BitMap
    dropped: tuple[str, ...] = ()
    is_guessed: bool = False


class Planner:
    """One query over one index; goods by term that were asked for are kept for its time."""

    def __init__(self, postings: Postings, lexicon: Lexicon, synonyms: Synonyms, among: BitMap) -> None:
        self._postings, self._lexicon, self._synonyms, self._among = postings, lexicon, synonyms, among
        self.known: dict[str, BitMap] = {}
        self._asked: set[str] = set()

    def ask(self, terms: Iterable[str]) -> None:
        missing = set(terms) - self._asked
        if missing:
            self._asked |= missing
            self.known.update(self._postings.many(missing))

    def plan(self, text: str, *, literally: bool = False, also: Iterable[str] = ()) -> Plan:
        """Plan a cleaned and spelled text; `also` are terms that will be wanted beside it."""
        parts = parts_of(text, self._lexicon, self._synonyms)
        runs = _runs(parts)
        self.ask([*_terms(parts), *(f"c:{key}" for _, _, key in runs), *also])
        parts = self._with_codes(parts, runs)
        if all(part.is_idle for part in parts):
            parts = [replace(part, is_idle=False) for part in parts]
        is_guessed = False
        parts = [self._with_prefix(part) for part in parts]
        if not literally:
            parts, is_guessed = self._with_guesses(parts)
        goods = self.together(parts)
        if goods or not parts:
            return Plan(tuple(parts), goods, (), is_guessed)
        whole = self._whole_code(parts)
        if whole:
            return whole
        if not literally:
            corrected = self._with_known_corrected(parts)
            if corrected:
                return corrected
        kept, goods, dropped = self._relaxed(parts)
        return Plan(tuple(kept), goods, dropped, is_guessed)

    def together(self, parts: Iterable[Part], within: BitMap | None = None) -> BitMap:
        """Goods that have all the parts that count."""
        found = self._among if within is None else within
        for goods in sorted((part.goods(self.known) for part in parts if not part.is_idle), key=len):
            found = found & goods
            if not found:
                break
        return found

    def _inside(self, part: Part) -> bool:
        return bool(part.goods(self.known) & self._among)

    def _with_codes(self, parts: list[Part], runs: Collection[tuple[int, int, str]]) -> list[Part]:
        """Neighbours that together are a code that goods have: `mcb87L8 2 72C`."""
        for start, length, key in sorted(runs, key=lambda run: -run[1]):
            if f"c:{key}" in self.known and self.known[f"c:{key}"] & self._among:
                run = parts[start : start + length]
                own = tuple(group for part in run for group in part.ways[0].groups)
                code = Part(
                    Kind.CODE, " ".join(part.text for part in run), (Way(((f"c:{key}",),)), Way(own, 0.6))
                )
                return [*parts[:start], code, *parts[start + length :]]
        return parts

    def _with_prefix(self, part: Part) -> Part:
        """A code that no good has whole: codes that begin so stand before goods that have its pieces
        apart.
        """
        if part.kind is Kind.CODE:
            own = [way for way in part.ways if len(way.groups) == 1 and way.weight == 1.0]
            is_whole = any(term in self.known for way in own for term in way.terms())
        else:
            is_whole = part.kind not in _CODE_LIKE or any(
                term in self.known for way in part.ways for term in way.terms()
            )
        return part if is_whole else self.code_opened(part) or part

    def _with_guesses(self, parts: list[Part]) -> tuple[list[Part], bool]:
        unknown = [number for number, part in enumerate(parts) if self._is_unknown(part)]
        if not unknown:
            return parts, False
        base = (
            self.together(part for number, part in enumerate(parts) if number not in unknown) or self._among
        )
        chosen, is_guessed = list(parts), False
        for number in unknown[:_MOST_GUESSED]:
            part = parts[number]
            guess = self._best_code(part) if part.kind is not Kind.WORD else self._best_word(part, base)
            if guess:
                chosen[number] = guess
                base = (base & guess.goods(self.known)) or base
                is_guessed = is_guessed or part.kind is Kind.WORD
        return chosen, is_guessed

    def _is_unknown(self, part: Part) -> bool:
        """A code that leads nowhere here, a word that leads nowhere at all: goods that only others are sold
        do not make it a slip.
        """
        if part.is_idle or self._inside(part):
            return False
        return part.kind is not Kind.WORD or bool(part.pieces) or not part.goods(self.known)

    def _best_code(self, part: Part) -> Part | None:
        """A code not typed to its end."""
        key = code_key(part.text)
        if len(key) < 2:
            return None
        found = self._postings.starting(f"c:{key}", _MOST_CODES)
        if not found:
            return None
        self.known.update(found)
        own = Part(part.kind, part.text, (Way((tuple(found),), 0.9),))
        return own if self._inside(own) else None

    def _best_word(self, part: Part, base: BitMap) -> Part | None:
        if part.pieces:
            return self._pieces_guessed(part, base)
        found = [self._guessed(guess) for guess in guesses(part.text, self._lexicon)]
        self.ask(_terms(part for part, _ in found))
        best, best_cost = None, 9.0
        for own, cost in found:
            goods = own.goods(self.known) & self._among
            if not goods & base:
                if cost > _NOWHERE and base is not self._among:
                    continue
                cost += _NOWHERE
            if goods and cost < best_cost:
                best, best_cost = own, cost
        return best or self._best_code(part)

    def _pieces_guessed(self, part: Part, base: BitMap) -> Part | None:
        """A compound or a phrase: each of its words by itself."""
        pieces = [piece for piece in part.pieces if not piece.is_idle]
        chosen = [piece if self._inside(piece) else self._best_word(piece, base) for piece in pieces]
        known = [piece for piece in chosen if piece]
        if not known:
            return None
        groups = tuple(group for piece in known for group in piece.ways[0].groups)
        words = tuple(word for piece in known for word in piece.words)
        return Part(Kind.WORD, " ".join(piece.text for piece in known), (Way(groups),), words=words)

    def _guessed(self, guess: Guess) -> tuple[Part, float]:
        """The part of a guess, with what the synonyms say of its words."""
        if len(guess.words) > 1:
            groups = tuple((f"w:{word}",) for word in guess.words)
            return Part(Kind.WORD, guess.text, (Way(groups),), words=guess.words), guess.cost
        word = guess.words[0]
        ways = [Way(((f"w:{word}",),))]
        ways += [
            Way(tuple((f"w:{meant}",) for meant in meaning), 0.85) for meaning in self._synonyms.of((word,))
        ]
        return Part(Kind.WORD, guess.text, tuple(ways), words=guess.words), guess.cost

    def _with_known_corrected(self, parts: Sequence[Part]) -> Plan | None:
        """All words are known, yet no good has them all: one of them may be a slip of another."""
        best: tuple[float, list[Part], BitMap] | None = None
        if len(parts) > _MOST_CORRECTED:
            return None
        for number, part in enumerate(parts):
            if part.kind is not Kind.WORD or part.is_idle or part.pieces or len(part.text) < 4:
                continue
            base = self.together([*parts[:number], *parts[number + 1 :]])
            if not base or len(parts) == 1:
                continue
            found = [
                self._guessed(guess) for guess in guesses(part.text, self._lexicon) if guess.cost <= _SURE
            ]
            self.ask(_terms(own for own, _ in found))
            for own, cost in found:
                goods = base & own.goods(self.known)
                if goods and (best is None or cost < best[0]):
                    best = cost, [*parts[:number], own, *parts[number + 1 :]], goods
        return Plan(tuple(best[1]), best[2], (), True) if best else None

    def _whole_code(self, parts: Sequence[Part]) -> Plan | None:
        """The whole query as the beginning of a code."""
        key = code_key("".join(part.text for part in parts))
        if len(parts) < 2 or len(key) > 40 or not any(part.kind in _FIGURES for part in parts):
            return None
        part = self._best_code(Part(Kind.CODE, key, ()))
        return Plan((part,), part.goods(self.known) & self._among) if part else None

    def _relaxed(self, parts: Sequence[Part]) -> tuple[list[Part], BitMap, tuple[str, ...]]:
        """Keep the most telling parts that some good has together: head word, code and size go last."""
        parts = self._in_pieces(parts)
        order = sorted(range(len(parts)), key=lambda number: -self._importance(parts, number))
        kept: list[int] = []
        goods = self._among
        for number in order:
            both = goods & parts[number].goods(self.known)
            if parts[number].is_idle or both:
                kept.append(number)
                goods = goods if parts[number].is_idle else both
        dropped = tuple(parts[number].text for number in sorted(set(range(len(parts))) - set(kept)))
        if not any(not parts[number].is_idle for number in kept):
            return [], NOTHING, dropped
        return [parts[number] for number in sorted(kept)], goods, dropped

    def _in_pieces(self, parts: Sequence[Part]) -> list[Part]:
        """Phrases as words, each of which may be left out, where goods have the words."""
        found: list[Part] = []
        for part in parts:
            is_divisible = part.pieces and all(
                self._inside(piece) for piece in part.pieces if not piece.is_idle
            )
            found.extend(part.pieces if is_divisible else (part,))
        return found

    def _importance(self, parts: Sequence[Part], number: int) -> float:
        part = parts[number]
        if part.is_idle:
            return 0.0
        if part.kind is Kind.WORD:
            nouns = (
                place
                for place, other in enumerate(parts)
                if other.kind is Kind.WORD and any(map(is_noun, other.words))
            )
            if next(nouns, -1) == number:
                return _HEAD
            if any(self._lexicon.count(f"b:{word}") for word in part.words):
                return _BRAND
        goods = len(part.goods(self.known))
        return _IMPORTANCE[part.kind] + 1 / (2 + goods) if goods else 0.0

    def opened(self, word: str) -> Part | None:
        """A word by all words that begin so."""
        return open_part(word, self._lexicon)

    def code_opened(self, part: Part) -> Part | None:
        """A code by all codes that begin so, beside what it is as typed."""
        opened = self._best_code(part)
        return replace(part, ways=(*part.ways, *opened.ways)) if opened else None


def _terms(parts: Iterable[Part]) -> list[str]:
    return [
        term
        for part in parts
        for term in (*part.terms(), *(head_terms(part) if part.kind is Kind.WORD else ()))
    ]


def _runs(parts: Sequence[Part]) -> list[tuple[int, int, str]]:
    """Neighbours that may be one code: figures, and words of a few letters beside them."""
    found = []
    for start in range(len(parts)):
        for length in range(2, min(_LONGEST_RUN, len(parts) - start) + 1):
            run = parts[start : start + length]
            last = run[-1]
            if last.kind is Kind.WORD and len(last.text) > 4:
                break
            if start + 1 and run[0].kind is Kind.WORD and len(run[0].text) > 4:
                break
            if any(part.kind in _FIGURES for part in run):
                key = code_key("".join(part.text for part in run))
                if 4 <= len(key) <= 40:
                    found.append((start, length, key))
    return found
