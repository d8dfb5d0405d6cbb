"""Parts of a query: each is answered by any of its ways, and a way by all of its groups of terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product

from pyroaring import BitMap

from catalog.search.goods_text import grams
from catalog.search.letters import code_key
from catalog.search.lexicon import Lexicon
from catalog.search.morphology import STOP_WORDS, fold, is_russian, lemmas
from catalog.search.synonyms import Synonyms, primary
from catalog.search.tokens import MOST_TOKENS, Kind, Token, code_parts, rating, tokens, word_parts
from catalog.search.units import LENGTHS, plain_number

Group = tuple[str, ...]
NOTHING = BitMap()
_SHORT_WORD = 4
_MOST_OPEN = 20
_BARCODE = 8


@dataclass(frozen=True, slots=True)
class Way:
    """Goods that have a term of every group; `weight` 0-1, how well they answer."""

    groups: tuple[Group, ...]
    weight: float = 1.0

    def goods(self, postings: Mapping[str, BitMap]) -> BitMap:
        found = [union(group, postings) for group in self.groups]
        return found[0] if len(found) == 1 else reduce(BitMap.__and__, found)

    def terms(self) -> Iterator[str]:
        for group in self.groups:
            yield from group


@dataclass(frozen=True, slots=True)
class Part:
    """A word, size or code of the query; `fallback` ways are tried when the first ones lead nowhere."""

    kind: Kind
    text: str
    ways: tuple[Way, ...]
    fallback: tuple[Way, ...] = ()
    is_idle: bool = False
    """A stop word or a lone letter: never required."""
    words: tuple[str, ...] = ()
    """Lemmas, likeliest first, of a word."""
    pieces: tuple[Part, ...] = ()
    """What a joined code or a phrase is made of."""

    def terms(self) -> Iterator[str]:
        for way in (*self.ways, *self.fallback):
            yield from way.terms()

    def goods(self, postings: Mapping[str, BitMap]) -> BitMap:
        found = [way.goods(postings) for way in self.ways]
        found = [goods for goods in found if goods]
        if not found:
            found = [way.goods(postings) for way in self.fallback]
        return found[0] if len(found) == 1 else BitMap.union(*found) if found else NOTHING


def union(group: Group, postings: Mapping[str, BitMap]) -> BitMap:
    found = [postings[term] for term in group if term in postings]
    if len(found) > 1:
        return BitMap.union(*found)
    return found[0] if found else NOTHING


def parts_of(text: str, lexicon: Lexicon, synonyms: Synonyms) -> list[Part]:
    """Parts of a cleaned and spelled query, in order, with synonyms laid over the words."""
    found: list[Part] = []
    before = ""
    for token in tokens(text)[:MOST_TOKENS]:
        own = list(_token_parts(token, lexicon))
        if before and len(own) == 1 and own[0].kind is Kind.WORD:
            own = [_after(before, own[0])]
        before = token.key if token.key in STOP_WORDS else ""
        found.extend(part for part in own if part not in found)
    return _with_synonyms(found, synonyms)


def _after(preposition: str, part: Part) -> Part:
    """A word after its preposition: goods that have both together answer best."""
    own = Way((tuple(f"f:{preposition} {lemma}" for lemma in part.words),))
    return replace(part, ways=(*(replace(way, weight=way.weight - 0.3) for way in part.ways), own))


def word_part(word: str, lexicon: Lexicon, *, text: str = "", cost: float = 0.0) -> Part:
    """A word by its lemmas, and by the cut words of names that it continues ("обрезн.")."""
    own = lexicon.owners_of(word) or (lemmas(word) if is_russian(word) else (word,))
    ways = [Way((tuple(f"w:{lemma}" for lemma in own),), 1.0 - cost)]
    cuts = (
        tuple(f"a:{word[:end]}" for end in range(3, len(word)) if word[:end] in lexicon.cuts)
        if lexicon.cuts
        else ()
    )
    if cuts:
        ways.append(Way((cuts,), 0.8 - cost))
    return Part(Kind.WORD, text or word, tuple(ways), is_idle=word in STOP_WORDS or len(word) < 2, words=own)


def open_part(word: str, lexicon: Lexicon, most: int = _MOST_OPEN) -> Part | None:
    """A word by all words that begin so; None when there are none."""
    own = lexicon.starting(word, most)
    if not own:
        return None
    return Part(Kind.WORD, word, (Way((tuple(f"w:{lemma}" for lemma in own),), 0.8),), words=tuple(own))


def _token_parts(token: Token, lexicon: Lexicon) -> Iterator[Part]:
    if token.kind is not Kind.WORD:
        yield _figure_part(token)
        return
    pieces = [lexicon.fold(piece) for piece in word_parts(token.key)]
    if not pieces:
        return
    if len(pieces) == 1:
        opened = open_part(pieces[0], lexicon) if token.is_cut and not lexicon.knows(pieces[0]) else None
        yield opened or word_part(pieces[0], lexicon, text=token.raw.rstrip("."))
        return
    parts = [word_part(piece, lexicon) for piece in pieces]
    joined = Way(((f"w:{fold(''.join(pieces))}",),))
    groups = tuple(part.ways[0].groups[0] for part in parts if not part.is_idle)
    ways = (joined, Way(groups, 0.95)) if groups else (joined,)
    yield Part(Kind.WORD, token.raw, ways, words=tuple(part.words[0] for part in parts), pieces=tuple(parts))


def _figure_part(token: Token) -> Part:
    ways, fallback = _figure_ways(token)
    return Part(token.kind, token.raw, tuple(ways), tuple(fallback))


def _figure_ways(token: Token) -> tuple[list[Way], list[Way]]:
    key = token.key
    code = Way(((f"c:{code_key(token.raw)}",),), 0.5)
    match token.kind:
        case Kind.NUMBER:
            ways = [_one(f"n:{key}"), _one(f"p:{key}", 0.7)]
            if len(key) > 1:
                ways.append(Way(((f"c:{code_key(token.raw)}",),), 0.75))
            if len(key) >= _BARCODE:
                ways.append(_one(f"e:{key}"))
            return ways, [*_pieces_of_code(code_key(token.raw))]
        case Kind.MEASURE:
            return _measure_ways(token)
        case Kind.SIZE:
            return _size_ways(key, code)
        case Kind.RANGE:
            return [_one(f"s:{key}"), Way(code.groups, 0.95)], _pieces_of_code(code_key(token.raw))
        case Kind.INCH:
            return [_one(f"i:{key}")], [_one(f"n:{key}"), code]
        case _:
            return _code_ways(token)


def _one(term: str, weight: float = 1.0) -> Way:
    return Way(((term,),), weight)


def _measure_ways(token: Token) -> tuple[list[Way], list[Way]]:
    digits = 0
    while digits < len(token.raw) and (token.raw[digits].isdigit() or token.raw[digits] == "."):
        digits += 1
    number = plain_number(token.raw[:digits])
    ways = [_one(f"u:{token.key}"), _one(f"z:{number}", 0.7)]
    if token.key.lstrip("0123456789.") in LENGTHS:
        ways.append(_one(f"p:{number}", 0.5))
    if " " not in token.raw:
        ways.append(_one(f"c:{code_key(token.raw)}", 0.6))
    return ways, [_one(f"n:{number}", 0.4)]


def _size_ways(key: str, code: Way) -> tuple[list[Way], list[Way]]:
    ways = [_one(f"s:{key}")]
    bare = key.removeprefix("m")
    parts = bare.split("x")
    if len(parts) == 1:
        return [*ways, _one(f"p:{key}", 0.9), _one(f"c:{key}", 0.8)], [_one(f"p:{bare}", 0.4)]
    if bare != key:
        ways.append(_one(f"s:{bare}", 0.8))
    if len(parts) == 2:
        ways.append(_one(f"q:{bare}", 0.8))
    ways.append(code)
    return ways, [Way(tuple((f"p:{part}",) for part in parts), 0.4)]


def _code_ways(token: Token) -> tuple[list[Way], list[Way]]:
    key = token.key
    ways = [_one(f"c:{key}")]
    if key.isdigit() and len(key) >= _BARCODE:
        ways.append(_one(f"e:{key}"))
    pieces = code_parts(token.raw)
    if pieces:
        ways.append(Way(tuple((f"c:{piece}", f"w:{piece}", f"n:{piece}") for piece in pieces), 0.3))
    letters = key.rstrip("0123456789")
    digits = key[len(letters) :]
    if letters.isalpha() and digits and len(letters) <= _SHORT_WORD:
        amperes = rating(key)
        number = (f"u:{amperes}a",) if amperes else (f"n:{digits}",)
        ways.append(Way(((f"w:{fold(letters)}", f"c:{letters}"), number), 0.3))
    return ways, _pieces_of_code(key)


def _pieces_of_code(key: str) -> list[Way]:
    """A piece of an article: every four signs of it in a row."""
    return [Way(tuple((gram,) for gram in grams(key)), 0.5)] if len(key) > 3 else []


def _with_synonyms(parts: list[Part], synonyms: Synonyms) -> list[Part]:
    """Longest phrases first; a phrase of several words becomes one part."""
    found: list[Part] = []
    place = 0
    while place < len(parts):
        taken, part = 1, parts[place]
        for length in range(min(synonyms.longest, len(parts) - place), 0, -1):
            run = parts[place : place + length]
            meanings = _meanings(run, synonyms)
            if meanings:
                taken, part = length, _joined(run, meanings)
                break
        found.append(part)
        place += taken
    return found


def _meanings(run: list[Part], synonyms: Synonyms) -> tuple[tuple[str, ...], ...]:
    """Meanings of neighbouring parts as one phrase, by whichever of their lemmas it is known."""
    if run[0].is_idle or run[-1].is_idle:
        return ()
    choices: list[tuple[str, ...]] = []
    for part in run:
        if part.is_idle:
            continue
        pieces = part.pieces or (part,)
        choices += [piece.words or (piece.text,) for piece in pieces]
    if len(choices) > synonyms.longest:
        return ()
    return tuple(dict.fromkeys(meaning for phrase in product(*choices) for meaning in synonyms.of(phrase)))


def _joined(run: list[Part], meanings: tuple[tuple[str, ...], ...]) -> Part:
    own = tuple(group for part in run if not part.is_idle for group in part.ways[0].groups)
    ways = run[0].ways if len(run) == 1 else (Way(own),)
    meant = tuple(Way(tuple(_meaning(word) for word in meaning), 0.85) for meaning in meanings)
    text = " ".join(part.text for part in run)
    words = tuple(word for part in run for word in part.words[:1]) if len(run) > 1 else run[0].words
    return Part(
        run[0].kind, text, (*ways, *meant), words=words, pieces=tuple(run) if len(run) > 1 else run[0].pieces
    )


def _meaning(word: str) -> Group:
    """Terms of a word of a meaning, which is a lemma already; a code is found as a code."""
    if word.isalpha():
        return tuple(f"w:{lemma}" for lemma in dict.fromkeys((word, primary(word))))
    return (f"c:{code_key(word)}", f"n:{word}", f"w:{word}")
