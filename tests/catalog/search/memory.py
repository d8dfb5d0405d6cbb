"""Search postings over a dictionary: what the index of the database offers, for tests and measurements."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from pyroaring import BitMap

from catalog.search.goods_text import GoodsText, terms_of
from catalog.search.lexicon import Lexicon
from catalog.search.synonyms import Synonyms


class MemoryPostings:
    """All postings in one dictionary, sorted names for prefixes; counts the statements it would have made."""

    def __init__(self, goods: Iterable[GoodsText]) -> None:
        kept: dict[str, list[int]] = defaultdict(list)
        self.size = 0
        for ordinal, text in enumerate(goods):
            for term in terms_of(text).terms:
                kept[term].append(ordinal)
            self.size = ordinal + 1
        self.kept = {term: BitMap(ordinals) for term, ordinals in kept.items()}
        self._names = sorted(name for name in self.kept if name.startswith(("c:", "t:")))
        self.statements = 0

    def many(self, terms: Collection[str]) -> Mapping[str, BitMap]:
        self.statements += 1
        return {term: self.kept[term] for term in terms if term in self.kept}

    def starting(self, prefix: str, most: int) -> Mapping[str, BitMap]:
        self.statements += 1
        found = self._names[bisect_left(self._names, prefix) : bisect_left(self._names, prefix + "\uffff")]
        return {
            term: self.kept[term] for term in sorted(found, key=lambda term: -len(self.kept[term]))[:most]
        }

    def lexicon(self, synonyms: Synonyms) -> Lexicon:
        return Lexicon.build({term: len(goods) for term, goods in self.kept.items()}, synonyms.words())
