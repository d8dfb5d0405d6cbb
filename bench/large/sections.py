"""The tree: 10 sections at the top, 60 below them, 330 at the bottom, of very unequal sizes."""

from dataclasses import dataclass

import numpy as np
import psycopg

from bench.large.copying import copy_in
from portal.lib.sorting import name_sort_key

TOPS = (
    "Кабель",
    "Крепеж",
    "Инструмент",
    "Сантехника",
    "Электрика",
    "Краски",
    "Замки",
    "Насосы",
    "Свет",
    "Спецодежда",
)
MIDDLES_BY_TOP = 6
SECTIONS = 400
FIRST_MIDDLE = len(TOPS) + 1
FIRST_LEAF = FIRST_MIDDLE + len(TOPS) * MIDDLES_BY_TOP
KNOWN_LEAVES = (1043, 87, 700, 400, 236)
"""Goods of the leaves of the first middle section, which holds 2,466 of 50,000."""
FIRST_TOP = 6846
MEASURED = {
    "a leaf": FIRST_LEAF + 1,
    "a large leaf": FIRST_LEAF,
    "a middle section": FIRST_MIDDLE,
    "a top section": 1,
}
"""Sections of 87, 1,043, 2,466 and 6,846 goods of 50,000."""
_OF = 50_000


@dataclass(frozen=True, slots=True)
class Tree:
    """Which section lies in which, by ids; `weights` are the shares of goods of each leaf."""

    parents: dict[int, int | None]
    leaves: list[int]
    weights: np.ndarray

    def top_of(self, pk: int) -> int:
        parent = self.parents[pk]
        return pk if parent is None else self.top_of(parent)


def make_tree(random: np.random.Generator) -> Tree:
    parents: dict[int, int | None] = dict.fromkeys(range(1, FIRST_MIDDLE))
    for pk in range(FIRST_MIDDLE, FIRST_LEAF):
        parents[pk] = (pk - FIRST_MIDDLE) // MIDDLES_BY_TOP + 1
    leaves = list(range(FIRST_LEAF, SECTIONS + 1))
    middles = FIRST_LEAF - FIRST_MIDDLE
    for place, pk in enumerate(leaves):
        known = place < len(KNOWN_LEAVES)
        parents[pk] = FIRST_MIDDLE if known else FIRST_MIDDLE + 1 + place % (middles - 1)
    return Tree(parents, leaves, _weights(random, parents, leaves))


def _weights(random: np.random.Generator, parents: dict[int, int | None], leaves: list[int]) -> np.ndarray:
    """Zipf's law, but the first top section and its first middle one hold what they are known to."""
    weights = 1.0 / random.permutation(np.arange(3, len(leaves) + 3)) ** 0.9
    known = len(KNOWN_LEAVES)
    is_first = np.array([parents[parents[pk] or 0] == 1 for pk in leaves])
    is_first[:known] = False
    is_other = ~is_first
    is_other[:known] = False
    weights[:known] = np.array(KNOWN_LEAVES) / _OF
    for part, goods in ((is_first, FIRST_TOP - sum(KNOWN_LEAVES)), (is_other, _OF - FIRST_TOP)):
        weights[part] *= goods / _OF / weights[part].sum()
    return weights


def leaves_of_goods(tree: Tree, goods: int, random: np.random.Generator) -> np.ndarray:
    """The leaf of each product: exact shares, in no order."""
    counts = np.floor(tree.weights * goods + 0.5).astype(int)
    counts[counts.argmax()] += goods - counts.sum()
    return random.permutation(np.repeat(np.array(tree.leaves), counts))


def fill_sections(connection: psycopg.Connection, tree: Tree) -> None:
    copy_in(connection, "catalog_classifier", "id name position kind", [(1, "Виды товаров", 0, "erp")])
    names = [
        (pk, f"{TOPS[tree.top_of(pk) - 1]} {pk}" if parent else TOPS[pk - 1])
        for pk, parent in tree.parents.items()
    ]
    copy_in(
        connection,
        "catalog_section",
        "id classifier_id parent_id name sort_key",
        ((pk, 1, tree.parents[pk], name, name_sort_key(name)) for pk, name in names),
    )
