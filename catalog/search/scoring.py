"""How well each found good answers the query."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from catalog.index.codec import ordinals
from catalog.search.parts import Part, union
from catalog.search.tokens import Kind

Scores = npt.NDArray[np.float32]
Found = npt.NDArray[np.int32]
_Places = npt.NDArray[np.uint32]

_HEAD, _SIDE_HEAD, _SYNONYM_HEAD, _BOOST, _RANK = 1.0, 0.3, 0.4, 0.25, 0.5


def head_terms(part: Part) -> tuple[str, ...]:
    """Terms of goods that are named by the word or by its synonyms."""
    lemmas = [term[2:] for way in part.ways for term in way.terms() if term.startswith("w:")]
    return tuple(f"h:{lemma}" for lemma in dict.fromkeys((*part.words, *lemmas)))


def score(
    goods: BitMap,
    parts: Iterable[Part],
    postings: Mapping[str, BitMap],
    rank: npt.NDArray[np.float32],
    boosts: Iterable[str] = (),
) -> tuple[Found, Scores]:
    """Scores of the goods, ordinals ascending: best ways of the parts, what the good is named by, then its
    rank.
    """
    found = ordinals(goods)
    scores = np.zeros(len(found), np.float32)
    head_weight = _HEAD
    for part in parts:
        if part.is_idle:
            continue
        _add_ways(scores, found, goods, part, postings)
        if part.kind is Kind.WORD:
            _add_head(scores, found, goods, part, postings, head_weight)
            head_weight = _SIDE_HEAD
    for term in boosts:
        if term in postings:
            _add(scores, found, goods, postings[term], _BOOST)
    ranks = rank[found]
    highest = float(ranks.max(initial=0.0))
    if highest > 0:
        scores += ranks * np.float32(_RANK / highest)
    return found.astype(np.int32), scores


def _add_ways(
    scores: Scores, found: _Places, goods: BitMap, part: Part, postings: Mapping[str, BitMap]
) -> None:
    """Each good gets the weight of its best way; a part of one way tells the goods nothing apart."""
    ways = [(way.weight, way.goods(postings)) for way in part.ways]
    ways = [(weight, own) for weight, own in ways if own]
    if len(ways) < 2:
        return
    ways.sort(key=lambda way: -way[0])
    best = np.zeros(len(found), np.float32)
    for weight, own in reversed(ways):
        best[_places(found, goods, own)] = weight
    scores += best


def _add_head(
    scores: Scores, found: _Places, goods: BitMap, part: Part, postings: Mapping[str, BitMap], weight: float
) -> None:
    """Goods named by the word itself stand above those named by its synonym, whatever their rank."""
    own = union(tuple(f"h:{word}" for word in part.words), postings)
    meant = union(head_terms(part), postings) - own
    _add(scores, found, goods, own, weight)
    _add(scores, found, goods, meant, weight * _SYNONYM_HEAD)


def _add(scores: Scores, found: _Places, goods: BitMap, own: BitMap, weight: float) -> None:
    scores[_places(found, goods, own)] += np.float32(weight)


def _places(found: _Places, goods: BitMap, own: BitMap) -> npt.NDArray[np.intp]:
    return np.searchsorted(found, ordinals(goods & own))
