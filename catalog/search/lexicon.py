"""Words of the catalogue: their inflections, what is near to them, how they sound."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.letters import CYRILLIC, script_of, to_cyrillic
from catalog.search.morphology import fold, forms, lemmas
from catalog.search.packing import Array, Deletes, Texts, encodable, pack, unpack
from catalog.search.sounds import skeleton, sound

PREFIX = 7
"""Deletes are kept of the beginnings of forms only: inflections share them, and two slips rarely fall in one
ending.
"""
FAR = 2
_SAME_BONES = 0.25
_MOST_KEPT = 20_000
_COUNTED = ("w:", "b:", "n:", "z:", "u:", "s:", "p:", "q:", "i:", "a:")


@dataclass(frozen=True, slots=True)
class Near:
    """A form near to what was typed: `word` its lemma, `goods` how many have it, `distance` plain slips."""

    form: str
    word: str
    goods: int
    distance: int


class Lexicon:
    """Words with goods, all their forms, and goods by term as of the day of building.

    `words` sorted lemmas; `counts` goods beside them; `forms` sorted, `owners` their lemmas by number;
    `starts` first
    form of each beginning and the end of all; `sounds` sorted keys with `heard` words beside them.
    """

    def __init__(self, arrays: Iterator[Array]) -> None:
        self._owned: dict[str, tuple[str, ...]] = {}
        self.words = Texts.restored(arrays)
        self.counts = next(arrays)
        self.forms = Texts.restored(arrays)
        self.owners = next(arrays)
        self.starts = next(arrays)
        self.deletes = Deletes.restored(arrays)
        self.sounds = Texts.restored(arrays)
        self.heard = next(arrays)
        self.cuts = frozenset(Texts.restored(arrays))
        self.term_keys = next(arrays)
        self.term_counts = next(arrays)

    @classmethod
    def build(cls, terms: Mapping[str, int], also: Iterable[str] = ()) -> Lexicon:
        """From goods by term of the whole index; `also` are words of the synonyms, known though no good has
        them.
        """
        return cls(iter(_built(terms, also)))

    def pack(self) -> bytes:
        arrays = [
            *self.words.arrays(),
            self.counts,
            *self.forms.arrays(),
            self.owners,
            self.starts,
            *self.deletes.arrays(),
        ]
        arrays += [
            *self.sounds.arrays(),
            self.heard,
            *Texts.of(sorted(self.cuts)).arrays(),
            self.term_keys,
            self.term_counts,
        ]
        return pack(arrays)

    @classmethod
    def unpack(cls, packed: bytes) -> Lexicon:
        return cls(unpack(packed))

    def count(self, term: str) -> int:
        """Goods with the term when the lexicon was built; 0 for an unknown one and for kinds that are not
        counted.
        """
        key = np.uint64(_key(term))
        place = int(np.searchsorted(self.term_keys, key))
        return (
            int(self.term_counts[place])
            if place < len(self.term_keys) and self.term_keys[place] == key
            else 0
        )

    def goods_of(self, word: str) -> int:
        """Goods with the lemma when the lexicon was built."""
        raw = word.encode("cp1251", "replace")
        place = self.words.place(raw)
        return int(self.counts[place]) if place < len(self.words) and self.words.raw(place) == raw else 0

    def fold(self, word: str) -> str:
        """A typed word in one script. Where every letter has a twin, the catalogue decides, then the keys
        that were used.
        """
        folded = fold(word)
        if folded == word or script_of(word) != "either" or self.knows(folded):
            return folded
        return to_cyrillic(word) if CYRILLIC.search(word) else word

    def knows(self, word: str) -> bool:
        """Whether the word, in any of its forms, is a word of the catalogue."""
        return bool(self.owners_of(word))

    def owners_of(self, form: str) -> tuple[str, ...]:
        """Lemmas that have this form."""
        known = self._owned.get(form)
        if known is None:
            if len(self._owned) >= _MOST_KEPT:
                self._owned.clear()
            known = self._owned[form] = self._found_owners(form)
        return known

    def _found_owners(self, form: str) -> tuple[str, ...]:
        if not encodable(form):
            return ()
        raw, found = form.encode("cp1251"), []
        place = self.forms.place(raw)
        while place < len(self.forms) and self.forms.raw(place) == raw:
            found.append(self.words[self.owners[place]])
            place += 1
        return tuple(found)

    def starting(self, prefix: str, most: int) -> list[str]:
        """Lemmas with a form that begins so, most goods first."""
        if not encodable(prefix):
            return []
        versions = {prefix, to_cyrillic(prefix)} if script_of(prefix) == "either" else {prefix}
        owners = np.unique(
            np.concatenate([self._owners_starting(version.encode("cp1251")) for version in versions])
        )
        best = owners[np.argsort(-self.counts[owners], kind="stable")][:most]
        return [self.words[number] for number in best.tolist()]

    def _owners_starting(self, raw: bytes) -> Array:
        return self.owners[self.forms.place(raw) : self.forms.place(raw + b"\xff")]

    def near(self, word: str, most: int = FAR) -> list[Near]:
        """Forms within `most` plain slips, nearest first."""
        beginnings = self.deletes.near(word[:PREFIX], most)
        if not len(beginnings):
            return []
        first, last = self.starts[beginnings].tolist(), self.starts[beginnings + 1].tolist()
        ranges = [np.arange(one, other) for one, other in zip(first, last, strict=True)]
        numbers = np.concatenate(ranges)
        numbers = numbers[np.abs(self.forms.lengths(numbers) - len(word)) <= most].tolist()
        texts = [self.forms[number] for number in numbers]
        hits = process.extract(
            word, texts, scorer=OSA.distance, score_cutoff=most, limit=None, processor=None
        )
        owners = self.owners[[numbers[place] for _form, _distance, place in hits]]
        found = zip(hits, owners.tolist(), self.counts[owners].tolist(), strict=True)
        return [
            Near(form, self.words[owner], goods, int(distance))
            for (form, distance, _place), owner, goods in found
        ]

    def sounding(self, word: str) -> list[tuple[str, float]]:
        """Words of the other script or of brands that sound so, with a cost of 0 (the same) to about 1."""
        key = sound(word)
        if len(key) < 2:
            return []
        found: dict[str, float] = {}
        for other, similarity, place in process.extract(
            key,
            self._sound_list,
            scorer=OSA.normalized_similarity,
            score_cutoff=0.7,
            limit=12,
            processor=None,
        ):
            cost = (1 - similarity) * 3 + (0.3 if other[0] != key[0] else 0.0)
            heard = self.words[self.heard[place]]
            found[heard] = min(cost, found.get(heard, cost))
        bones = skeleton(key)
        for place in self._skeletons.get(bones, ()) if len(bones) > 2 else ():
            heard = self.words[self.heard[place]]
            cost = _SAME_BONES + 0.1 * abs(len(self._sound_list[place]) - len(key))
            found[heard] = min(cost, found.get(heard, cost))
        return sorted(found.items(), key=lambda item: item[1])

    @cached_property
    def _sound_list(self) -> list[str]:
        return list(self.sounds)

    @cached_property
    def _skeletons(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, key in enumerate(self._sound_list):
            found.setdefault(skeleton(key), []).append(place)
        return found


@lru_cache(50_000)
def _key(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


def _built(terms: Mapping[str, int], also: Iterable[str]) -> list[Array]:
    counts: dict[str, int] = {}
    brands: set[str] = set()
    for term, count in terms.items():
        word = term[2:]
        if term[:2] in ("w:", "b:") and len(word) > 1 and encodable(word):
            counts[word] = max(count, counts.get(word, 0))
            if term[0] == "b":
                brands.add(word)
    for word in also:
        for lemma in lemmas(word):
            if len(lemma) > 1 and encodable(lemma):
                counts.setdefault(lemma, 0)
    words = sorted(counts, key=lambda word: word.encode("cp1251"))
    pairs = sorted(
        {
            (form.encode("cp1251", "ignore"), number)
            for number, word in enumerate(words)
            for form in forms(word)
        }
    )
    texts = [form.decode("cp1251") for form, _ in pairs]
    starts = [
        place for place, form in enumerate(texts) if not place or form[:PREFIX] != texts[place - 1][:PREFIX]
    ]
    heard = _heard(words, brands)
    counted = sorted((_key(term), count) for term, count in terms.items() if term.startswith(_COUNTED))
    return [
        *Texts.of(words).arrays(),
        np.array([counts[word] for word in words], np.uint32),
        *Texts.of(texts).arrays(),
        np.array([owner for _, owner in pairs], np.uint32),
        np.array([*starts, len(texts)], np.int64),
        *Deletes.of((texts[place][:PREFIX] for place in starts), FAR).arrays(),
        *Texts.of(key for key, _ in heard).arrays(),
        np.array([number for _, number in heard], np.uint32),
        *Texts.of(
            sorted(term[2:] for term in terms if term[:2] == "a:" and len(term) > 4 and encodable(term))
        ).arrays(),
        np.array([key for key, _ in counted], np.uint64),
        np.array([count for _, count in counted], np.uint32),
    ]


def _heard(words: list[str], brands: Collection[str]) -> list[tuple[str, int]]:
    """Sounds of brands and of Latin words; plain Russian words are found by their letters."""
    return sorted(
        (key, number)
        for number, word in enumerate(words)
        for key in {sound(word), sound(word.replace("ch", "h")) if "sch" not in word else sound(word)}
        if len(word) > 1 and word.isalpha() and (word in brands or not CYRILLIC.search(word))
    )
