"""Which goods a price list holds and under which sections they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import numpy as np
from pyroaring import BitMap

from catalog.index.codec import Ordinals, ordinals
from catalog.index.reading import Index
from catalog.models import City
from catalog.selectors.city import goods_shown
from catalog.selectors.sections import Branches, branches, section_goods
from documents.price_lists.options import ListOptions

REST = "Без раздела"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section and the goods that stand in it itself, by name; `level` is how deep it lies, from 0 on.

    A section above others may have no goods of its own. The one shelf without a title is a list
    that is not grouped.
    """

    title: str
    level: int
    goods: Ordinals = field(repr=False)


def goods_chosen(index: Index, options: ListOptions, city: City | None) -> BitMap:
    """Goods of the city that the options name; no query but for first looks."""
    goods = goods_shown(index, city, is_absent_shown=not options.is_in_stock_only)
    if options.is_in_stock_only:
        goods = goods & goods_shown(index, city)
    if options.sections:
        goods = goods & reduce(or_, (section_goods(index, pk) for pk in options.sections))
    if options.brands:
        known = index.brands
        goods = goods & reduce(or_, (known.get(pk, BitMap()) for pk in options.brands))
    return goods


def shelves(index: Index, options: ListOptions, goods: BitMap) -> list[Shelf]:
    """Goods by section in the order of the trees; one of several sections comes once, in the first."""
    if not options.is_grouped:
        return [Shelf("", 0, _by_name(index, goods))] if goods else []
    tree = branches(index)
    walk = _Walk(index, tree, BitMap(goods))
    for top in _tops(tree, frozenset(options.sections)):
        walk.through(top, 0)
    if walk.rest:
        walk.found.append(Shelf(REST, 0, _by_name(index, walk.rest)))
    return walk.found


class _Walk:
    """One way through the trees; `rest` are goods that have found no place yet."""

    def __init__(self, index: Index, tree: Branches, rest: BitMap) -> None:
        self.index, self.tree, self.rest = index, tree, rest
        self.found: list[Shelf] = []
        self._own = index.section_goods()

    def through(self, pk: int, level: int) -> None:
        if not section_goods(self.index, pk).intersection_cardinality(self.rest):
            return
        own = self._own.get(pk, BitMap()) & self.rest
        self.rest -= own
        self.found.append(Shelf(self.tree.rows[pk][1], level, _by_name(self.index, own)))
        for child in self.tree.children_ids.get(pk, ()):
            self.through(child, level + 1)


def _tops(tree: Branches, chosen: frozenset[int]) -> Iterator[int]:
    """Chosen sections that lie below no other chosen one, in the order of the trees; else all top ones.

    The tree by brands repeats the others, so that nobody gets it who has not chosen it.
    """
    if not chosen:
        yield from (pk for pk in tree.children_ids.get(None, ()) if pk not in tree.brands)
        return

    def seek(pk: int) -> Iterator[int]:
        if pk in chosen:
            yield pk
            return
        for child in tree.children_ids.get(pk, ()):
            yield from seek(child)

    for top in tree.children_ids.get(None, ()):
        yield from seek(top)


def _by_name(index: Index, goods: BitMap) -> Ordinals:
    found = ordinals(goods)
    return found[np.argsort(index.vector("name")[found], kind="stable")]
