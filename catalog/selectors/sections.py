"""The tree of sections with what is sold in a city: rows by SQL, goods and counts from the index."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyroaring import BitMap

from catalog.index.reading import Index
from catalog.models import City, ClassifierKind, Section
from catalog.selectors.city import goods_shown

_DEPENDS = ("tree", "sections", "goods", "stock", "cities")


@dataclass(frozen=True, slots=True)
class SectionNode:
    """A section and how many skus are shown from it in the city, sub-sections included."""

    pk: int
    name: str
    parent_id: int | None
    classifier: str
    count: int


@dataclass(frozen=True, slots=True)
class SectionTree:
    """All sections that are not hidden, in the order of menus; `total` counts skus of the whole city."""

    nodes: dict[int, SectionNode]
    children_ids: dict[int | None, list[int]]
    total: int

    def sold(self, parent_id: int | None) -> list[SectionNode]:
        """Sub-sections (None: the top ones of all trees) from which something is shown."""
        children = (self.nodes[pk] for pk in self.children_ids.get(parent_id, ()))
        return [node for node in children if node.count]

    def trail(self, pk: int) -> list[SectionNode]:
        """The way from the top to the section, itself included."""
        way: list[SectionNode] = []
        place: int | None = pk
        while place is not None:
            node = self.nodes[place]
            way.append(node)
            place = node.parent_id
        return way[::-1]


@dataclass(frozen=True, slots=True)
class Branches:
    """Sections as they lie below each other; hidden ones and what is below them are left out."""

    rows: dict[int, tuple[int | None, str, str]]
    children_ids: dict[int | None, list[int]]
    brands: frozenset[int] = frozenset()
    """Sections of the tree that the portal makes of brands."""

    def below(self, pk: int) -> Iterator[int]:
        """The section and everything below it."""
        yield pk
        for child in self.children_ids.get(pk, ()):
            yield from self.below(child)

    def above(self, pk: int) -> Iterator[int]:
        """The section and everything above it, the nearest first."""
        place: int | None = pk
        while place is not None:
            yield place
            place = self.rows[place][0]


def branches(index: Index) -> Branches:
    """Sections that may be shown, in the order of menus; one query when one of them has changed."""
    return index.derived("branches", _branches_read, depends_on=("tree",))


def section_goods(index: Index, pk: int) -> BitMap:
    """Goods of a section and of everything below it; none for one that is absent or hidden."""
    tree = branches(index)
    if pk not in tree.rows:
        return BitMap()

    def make() -> BitMap:
        own = index.section_goods()
        found = [own[place] for place in tree.below(pk) if place in own]
        return BitMap.union(*found) & index.on_sale if found else BitMap()

    return index.derived(("section", pk), make, depends_on=("tree", "sections", "goods"))


def section_tree(index: Index, *, city: City | None) -> SectionTree:
    """The city's tree. It holds no price, so that it may be shared by all who look at the city."""
    return index.derived(
        ("section_tree", city.pk if city else 0), lambda: _tree(index, city), depends_on=_DEPENDS
    )


def sections_found(index: Index, goods: BitMap, *, parent_id: int | None) -> list[SectionNode]:
    """Sub-sections (None: the top ones) with any of the goods, counted, most first.

    Where a single one has them all, those below it tell more. Brands have a filter of their own, so that
    their tree would say the same twice.
    """
    tree = branches(index)
    found: list[SectionNode] = []
    while True:
        counted = (
            (pk, section_goods(index, pk).intersection_cardinality(goods))
            for pk in tree.children_ids.get(parent_id, ())
            if parent_id is not None or pk not in tree.brands
        )
        below = [_node(tree, pk, count) for pk, count in counted if count]
        if not below:
            break
        found, parent_id = below, below[0].pk
        if len(below) > 1:
            break
    return sorted(found, key=lambda node: -node.count)


def _node(tree: Branches, pk: int, count: int) -> SectionNode:
    parent_id, name, classifier = tree.rows[pk]
    return SectionNode(pk=pk, name=name, parent_id=parent_id, classifier=classifier, count=count)


def _tree(index: Index, city: City | None) -> SectionTree:
    tree, shown = branches(index), goods_shown(index, city)
    nodes = {
        pk: _node(tree, pk, section_goods(index, pk).intersection_cardinality(shown)) for pk in tree.rows
    }
    return SectionTree(nodes=nodes, children_ids=tree.children_ids, total=len(shown))


def _branches_read() -> Branches:
    rows = list(
        Section.objects.filter(is_hidden=False, classifier__is_hidden=False)
        .order_by(
            "classifier__position", "classifier__name", "classifier_id", "position", "sort_key", "name", "pk"
        )
        .values_list("pk", "parent_id", "name", "classifier__name", "classifier__kind")
    )
    parents = {row[0]: row[1] for row in rows}
    shown: dict[int, tuple[int | None, str, str]] = {
        row[0]: row[1:4] for row in rows if _is_reachable(row[0], parents)
    }
    children: dict[int | None, list[int]] = {}
    for pk, (parent_id, _, _) in shown.items():
        children.setdefault(parent_id, []).append(pk)
    brands = frozenset(row[0] for row in rows if row[4] == ClassifierKind.BRANDS)
    return Branches(rows=shown, children_ids=children, brands=brands)


def _is_reachable(pk: int, parents: Mapping[int, int | None]) -> bool:
    """Whether no section above is hidden and the way up ends (a loop in 1C's data has no end)."""
    place: int | None = pk
    for _ in range(len(parents) + 1):
        if place is None:
            return True
        if place not in parents:
            return False
        place = parents[place]
    return False
