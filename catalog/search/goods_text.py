"""Terms of one good: what the index writes of its name, codes, brand and values.

Kinds of terms: `w:` lemma of a word, `h:` lemma of the noun that names the good, `b:` word of the brand, `a:`
word cut
short, `s:` size or range, `p:` part of a size, `u:` number in a base unit, `n:` number as written, `z:` the
same with no
unit beside it, `i:` inches, `c:` code without separators,
`e:` barcode, `t:` four signs of a code in a row (`$` closes it),
`f:` preposition with the lemma after it, `y:` unit of sale, `g:` section.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.search.letters import clean, code_key
from catalog.search.morphology import STOP_WORDS, fold, is_noun, lemmas
from catalog.search.tokens import Kind, Token, rating, spell, tokens, word_parts
from catalog.search.units import plain_number, sold_unit

GRAM = 4
_MOST_CODE = 60
_ADJECTIVES_BEFORE_NOUN = 3


@dataclass(frozen=True, slots=True)
class GoodsText:
    """What is known of one sku: `articles` are the maker's article, the own code and codes of clients."""

    name: str
    characteristic: str = ""
    brand: str = ""
    articles: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class GoodsTerms:
    """`terms` are the postings to write, `words` the words as they stand, for the lexicon."""

    terms: frozenset[str]
    words: frozenset[str]


def terms_of(text: GoodsText) -> GoodsTerms:
    """Analyse a good; its terms depend on nothing but its text."""
    name = _named(text.name)
    terms, words = set(name.own.terms), set(name.own.words)
    brand = _brand_words(text.brand)
    for other in (text.characteristic, *text.values):
        told = _told(other)
        terms.update(told.terms)
        words.update(told.words)
    terms.update(f"h:{lemma}" for lemma in _head(name.tokens, brand))
    for word in brand:
        terms.update((f"b:{word}", f"w:{word}"))
    if len(brand) > 1:
        terms.add(f"b:{''.join(brand)}")
    terms.update(_code_terms(text.articles))
    terms.update(f"e:{code_key(code)}" for code in text.barcodes if code)
    terms.update(map(section_term, text.sections))
    if text.unit:
        terms.add(f"y:{sold_unit(text.unit)}")
    return GoodsTerms(frozenset(terms), frozenset(words))


@dataclass(frozen=True, slots=True)
class _Named:
    """A name: its tokens, and what they say."""

    tokens: tuple[Token, ...]
    own: GoodsTerms


@lru_cache(1_000)
def _named(name: str) -> _Named:
    """Analyse a name, that of all skus of a product: they are asked for one after another."""
    told = tuple(tokens(spell(clean(name))))
    terms, words = _gathered(told)
    before = ""
    for token in told:
        if before:
            terms.update(preposition_terms(before, token.key))
        before = token.key if token.key in STOP_WORDS else ""
    return _Named(told, GoodsTerms(frozenset(terms), frozenset(words)))


@lru_cache(20_000)
def _told(text: str) -> GoodsTerms:
    """Analyse a value or a characteristic; the same ones stand in thousands of goods."""
    terms, words = _gathered(tokens(spell(clean(text))))
    return GoodsTerms(frozenset(terms), frozenset(words))


def _gathered(told: Iterable[Token]) -> tuple[set[str], set[str]]:
    terms: set[str] = set()
    words: set[str] = set()
    for token in told:
        own_terms, own_words = _analysed(token)
        terms.update(own_terms)
        words.update(own_words)
    return terms, words


@lru_cache(10_000)
def section_term(section: str) -> str:
    """The term of goods of a section, by its name."""
    return f"g:{clean(section).strip()}"


def preposition_terms(preposition: str, word: str) -> Iterator[str]:
    """Terms of "по дереву", "с заземлением": what a bare word would take for "гипсокартон-дерево"."""
    return (f"f:{preposition} {lemma}" for lemma in lemmas(fold(word)))


def naming_words(name: str, brand: str = "") -> tuple[str, ...]:
    """Words that open a name up to its first size, code, brand or foreign word: phrases to suggest begin with
    them.
    """
    taken: list[str] = []
    brands = _brand_words(brand)
    for token in tokens(spell(clean(name))):
        if token.kind is not Kind.WORD or token.is_cut:
            break
        if fold(token.key) in brands or all(fold(part) in brands for part in word_parts(token.key)):
            if taken:
                break
            continue
        taken.append(token.raw)
    return tuple(taken[:4])


@lru_cache(10_000)
def _brand_words(brand: str) -> tuple[str, ...]:
    return tuple(fold(part) if part.isalpha() else code_key(part) for part in word_parts(clean(brand)))


@lru_cache(100_000)
def _analysed(token: Token) -> tuple[frozenset[str], frozenset[str]]:
    """Terms and words of a token; the same ones stand in thousands of names."""
    words: set[str] = set()
    return frozenset(_token_terms(token, words)), frozenset(words)


def _token_terms(token: Token, words: set[str]) -> Iterator[str]:
    key = token.key
    match token.kind:
        case Kind.WORD:
            yield from _word_terms(token, words)
        case Kind.NUMBER:
            yield from (f"n:{key}", f"z:{key}")
            if len(key) > 2:
                yield f"c:{code_key(token.raw)}"
        case Kind.MEASURE:
            yield f"u:{key}"
            yield f"n:{_leading_number(token.raw)}"
        case Kind.SIZE:
            yield from _size_terms(key)
        case Kind.RANGE:
            yield f"s:{key}"
            yield f"c:{code_key(key)}"
            yield from (f"p:{part}" for part in key.split("-"))
        case Kind.INCH:
            yield f"i:{key}"
        case Kind.CODE:
            yield from _code_token_terms(token)


def _word_terms(token: Token, words: set[str]) -> Iterator[str]:
    parts = word_parts(token.key)
    if len(parts) > 1:
        yield f"w:{fold(''.join(parts))}"
    for part in parts:
        word = fold(part)
        words.add(word)
        if token.is_cut or (len(parts) > 1 and len(parts[-1]) == 1 and part is parts[0]):
            yield f"a:{word}"
        yield from (f"w:{lemma}" for lemma in lemmas(word))


def _leading_number(raw: str) -> str:
    end = 0
    while end < len(raw) and (raw[end].isdigit() or raw[end] == "."):
        end += 1
    return plain_number(raw[:end])


def _size_terms(key: str) -> Iterator[str]:
    """The size; without the mark of a thread; its beginning; its parts."""
    yield f"s:{key}"
    bare = key.removeprefix("m")
    parts = bare.split("x")
    if bare != key:
        yield f"p:m{parts[0]}"
        if len(parts) > 1:
            yield f"s:{bare}"
    if len(parts) > 2:
        yield f"q:{'x'.join(parts[:2])}"
    yield from (f"p:{part}" for part in parts)


def _code_token_terms(token: Token) -> Iterator[str]:
    yield f"c:{token.key}"
    amperes = rating(token.key)
    if amperes:
        yield from (f"u:{amperes}a", f"n:{amperes}", f"c:{token.key[0]}{amperes}")
    for part in word_parts(token.raw):
        if part.isdigit():
            yield f"p:{plain_number(part)}"
        if part.isalpha() and len(part) > 1:
            yield from (f"w:{lemma}" for lemma in lemmas(fold(part)))
        yield f"c:{code_key(part)}"


def _code_terms(codes: Iterable[str]) -> Iterator[str]:
    """Articles: whole, their pieces, and four signs in a row for search by a piece of a code."""
    for code in codes:
        key = code_key(code)[:_MOST_CODE]
        if not key:
            continue
        yield f"c:{key}"
        yield from grams(key + "$")


def grams(text: str) -> Iterator[str]:
    """Terms of every four signs in a row."""
    for start in range(max(1, len(text) - GRAM + 1)):
        yield f"t:{text[start : start + GRAM]}"


def _head(name: Sequence[Token], brand: Sequence[str]) -> tuple[str, ...]:
    """Lemmas of the noun that names the good: the first one, the brand and adjectives before it passed
    over.
    """
    first: tuple[str, ...] = ()
    seen = 0
    for token in name:
        if token.kind is not Kind.WORD:
            if first:
                break
            continue
        parts = [fold(part) for part in word_parts(token.key)]
        if all(part in brand or part in STOP_WORDS for part in parts):
            continue
        own = tuple(lemma for part in parts for lemma in lemmas(part))
        first = first or own
        seen += 1
        if any(is_noun(part) for part in parts):
            return own
        if seen >= _ADJECTIVES_BEFORE_NOUN:
            break
    return first
