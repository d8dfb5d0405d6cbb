"""Search in the catalogue: what the index, the vocabulary and the dictionary make of a query."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from pyroaring import BitMap

from catalog.index.codec import Vector, mask, ordinals
from catalog.index.kinds import LEXICON, MARGIN, PHRASES, POPULARITY, PRIORITY, SEARCH, TREE
from catalog.index.postings import IndexPostings
from catalog.index.reading import Index
from catalog.models import City
from catalog.phrases import phrase_normal
from catalog.search.finding import Found, find
from catalog.search.goods_text import section_term
from catalog.search.lexicon import Lexicon
from catalog.search.phrases import Phrases
from catalog.search.suggesting import Suggestions, suggest
from catalog.search.synonyms import Line, Synonyms, shipped_lines
from catalog.selectors.city import cities_open, city_goods, city_warehouses
from catalog.selectors.dictionary import (
    pins_listed,
    redirects_listed,
    search_weights,
    stop_words,
    synonyms_listed,
)
from catalog.selectors.sections import branches, section_goods

_POPULAR = 2_000.0
"""A good ordered so often has all of the weight of popularity."""
_RANKED = (POPULARITY.name, MARGIN.name, PRIORITY.name, SEARCH)
_PINNED = 1_000.0
"""More than any relevance."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a query found among the goods of a list.

    `relevance` is beside each ordinal, the higher the better; `elsewhere` is how many more goods are sold
    in other cities.
    """

    text: str
    found: Found
    relevance: Vector
    elsewhere: int = 0

    @property
    def goods(self) -> BitMap:
        return self.found.goods

    def within(self, goods: BitMap) -> "Searched":
        """Only those of the goods."""
        return replace(self, found=replace(self.found, goods=self.found.goods & goods))

    def best(self, most: int) -> Vector:
        """Ordinals of so many of the likeliest goods, the likeliest first."""
        goods = ordinals(self.goods)
        likely: Vector = goods[np.argsort(-self.relevance[goods], kind="stable")[:most]]
        return likely


def goods_searched(
    index: Index, text: str, *, among: BitMap, city: City | None = None, is_literal: bool = False
) -> Searched:
    """Goods that answer the query, pinned ones before all others, those that the city can be given before
    those that have run out.

    `among` is what may be found: a guess is judged by what it leaves there. One or two
    queries to the database for terms that this process has not met.
    """
    found = _found(index, text, among, rank_in(index, city), is_literal=is_literal)
    relevance = np.zeros(index.size, np.float32)
    places, scores = found.scores
    relevance[places] = scores
    if found.goods:
        _pin(index, text, found.goods, relevance)
    return Searched(text, found, relevance)


def with_elsewhere(index: Index, searched: Searched, *, among: BitMap) -> Searched:
    """The same with the number of goods that only other cities are sold; `among` is the whole catalogue's."""
    text = searched.found.correction or searched.text
    everywhere = _found(index, text, among, rank(index), is_literal=True)
    return replace(searched, elsewhere=len(everywhere.goods - searched.goods))


def redirect_for(index: Index, text: str) -> str | None:
    """The page of ours that the query as a whole leads to; None where there is none."""

    def make() -> dict[str, str]:
        return redirects_listed(branches(index).rows)

    redirects = index.derived("redirects", make, depends_on=(SEARCH, TREE))
    return redirects.get(phrase_normal(text))


def suggestions_for(index: Index, text: str, *, among: BitMap, city: City | None = None) -> Suggestions:
    """What to offer while the query is typed; counts are of the goods given."""
    return suggest(
        _told(index, text),
        postings=_postings(index),
        lexicon=lexicon_of(index),
        synonyms=synonyms_of(index),
        phrases=phrases_of(index),
        among=among,
        rank=rank_in(index, city),
    )


def _found(index: Index, text: str, among: BitMap, ranks: Vector, *, is_literal: bool) -> Found:
    return find(
        _told(index, text),
        postings=_postings(index),
        lexicon=lexicon_of(index),
        synonyms=synonyms_of(index),
        among=among,
        rank=ranks,
        literally=is_literal,
    )


def _told(index: Index, text: str) -> str:
    """The query without words that say nothing of goods, unless it has no others."""
    silent = index.derived("stop_words", stop_words, depends_on=(SEARCH,))
    words = text.replace("\0", " ").split()
    telling = [word for word in words if phrase_normal(word) not in silent] if silent else words
    return " ".join(telling or words)


def _pin(index: Index, text: str, goods: BitMap, relevance: Vector) -> None:
    pins = index.derived("pins", pins_listed, depends_on=(SEARCH,))
    pinned = pins.get(phrase_normal(text), ())
    if not pinned:
        return
    here = ordinals(goods)
    products = index.vector("product")[here]
    for place, product_id in enumerate(pinned):
        relevance[here[products == product_id]] = _PINNED - place


def _postings(index: Index) -> IndexPostings:
    return IndexPostings(index, _section_terms(index))


def _section_terms(index: Index) -> Mapping[str, BitMap]:
    """Goods by the term of a section's name; sections of one name in several trees are one."""

    def make() -> dict[str, BitMap]:
        found: dict[str, BitMap] = {}
        for pk, (_parent_id, name, _classifier) in branches(index).rows.items():
            term = section_term(name)
            found[term] = found.get(term, BitMap()) | section_goods(index, pk)
        return found

    return index.derived("section_terms", make, depends_on=("tree", "sections", "goods"))


def lexicon_of(index: Index) -> Lexicon:
    """Words of the catalogue as they were when the vocabulary was last made; none before the first time."""

    def make() -> Lexicon:
        packed = index.packed(LEXICON)
        return Lexicon.unpack(packed) if packed else Lexicon.build({})

    return index.derived("lexicon", make, depends_on=(LEXICON.name,))


def phrases_of(index: Index) -> Phrases:
    """Phrases to suggest, of the same time."""

    def make() -> Phrases:
        packed = index.packed(PHRASES)
        return Phrases.unpack(packed) if packed else Phrases.build(())

    return index.derived("phrases", make, depends_on=(PHRASES.name,))


def synonyms_of(index: Index) -> Synonyms:
    """The dictionary of the trade that comes with the portal, and the seller's own."""
    return index.derived("synonyms", synonyms_read, depends_on=(SEARCH,))


def words_warm() -> None:
    """Load the dictionary of Russian and analyse the one of the trade, before processes part."""
    Synonyms.parse(_shipped())


def search_warm(index: Index) -> None:
    """Read what every search needs."""
    lexicon_of(index), phrases_of(index), synonyms_of(index), rank(index)


def synonyms_read() -> Synonyms:
    return Synonyms.parse([*_shipped(), *synonyms_listed()])


@lru_cache(maxsize=1)
def _shipped() -> tuple[Line, ...]:
    return tuple(shipped_lines())


def rank(index: Index) -> Vector:
    """How gladly each good is sold, whatever was asked: popularity, margin, priority by their weights."""

    def make() -> Vector:
        weights = search_weights()
        popularity = np.log1p(np.maximum(index.vector(POPULARITY.name), 0)) / np.log1p(_POPULAR)
        ranks: Vector = (
            weights.relevance_frequency * np.minimum(popularity, 1.5)
            + weights.relevance_margin * index.vector(MARGIN.name)
            + weights.relevance_priority * _weighed(index.vector(PRIORITY.name))
        ).astype(np.float32)
        lowest = min(float(ranks.min(initial=0.0)), 0.0)
        return np.subtract(ranks, np.float32(lowest))  # none below nought: they are shares of the highest

    return index.derived("rank", make, depends_on=_RANKED)


def rank_in(index: Index, city: City | None) -> Vector:
    """The same for a city: what has run out there stands below what it is sold."""
    if city is None:
        return rank(index)

    def make() -> Vector:
        ranks = rank(index)
        is_absent = ~mask(city_goods(index, city).available, index.size)
        return ranks - is_absent * np.float32(max(float(ranks.max(initial=0.0)), 1.0))

    depends_on = (*_RANKED, "stock", "goods", "cities")
    return index.derived(("rank_in", city.pk), make, depends_on=depends_on)


def _weighed(priority: Vector) -> Vector:
    """Priorities of -100 to 100 as -1 to 1: the first steps are felt, the last ones do not drown the rest."""
    steps: Vector = np.log1p(np.abs(priority)) / np.log1p(100.0)
    return np.copysign(steps, priority)


def sold_anywhere(index: Index) -> BitMap:
    """Goods that any open city can be given."""
    served = {pk for city in cities_open(index) for pk in city_warehouses(index, city)}
    return index.city(served).available
