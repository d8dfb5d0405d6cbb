"""The tree of sections with what is sold in a city; kept by each process for half a minute."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef
from pyroaring import BitMap

from catalog.models import City, Section, Sku
from catalog.selectors.stock import stock_available

KEPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class SectionNode:
    """A section and how many skus can be bought from it in the city, sub-sections included."""

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
        """Sub-sections (None: the top ones of all trees) from which something can be bought."""
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

    def with_descendants(self, pk: int) -> list[int]:
        """The section and everything below it."""
        return list(self._below(pk))

    def _below(self, pk: int) -> Iterator[int]:
        yield pk
        for child in self.children_ids.get(pk, ()):
            yield from self._below(child)


_kept: dict[int, tuple[float, SectionTree]] = {}


def section_tree(*, city: City | None, is_fresh: bool = False) -> SectionTree:
    """The city's tree; two queries when it is older than half a minute or must be fresh, else none.

    It holds no price, so that it may be shared by all who look at the city.
    """
    key = city.pk if city else 0
    until, tree = _kept.get(key, (0.0, None))
    if tree is None or is_fresh or monotonic() >= until:
        tree = _read(city)
        _kept[key] = (monotonic() + KEPT_SECONDS, tree)
    return tree


def forget_section_trees() -> None:
    """Read the trees anew when they are next asked for."""
    _kept.clear()


def _read(city: City | None) -> SectionTree:
    rows = list(
        Section.objects.filter(is_hidden=False)
        .order_by("classifier__position", "classifier__name", "classifier_id", "sort_key", "name", "pk")
        .values_list("pk", "parent_id", "name", "classifier__name")
    )
    parents = {pk: parent_id for pk, parent_id, _, _ in rows}
    shown = [row for row in rows if _is_reachable(row[0], parents)]
    goods, total = _skus_by_section(city)
    counts = _counted(goods, {row[0]: row[1] for row in shown})
    children: dict[int | None, list[int]] = {}
    for pk, parent_id, _, _ in shown:
        children.setdefault(parent_id, []).append(pk)
    nodes = {
        pk: SectionNode(pk=pk, name=name, parent_id=parent_id, classifier=classifier, count=counts.get(pk, 0))
        for pk, parent_id, name, classifier in shown
    }
    return SectionTree(nodes=nodes, children_ids=children, total=total)


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


def _skus_by_section(city: City | None) -> tuple[dict[int, BitMap], int]:
    """Skus that the city's warehouses can give, by the section they lie in directly, and how many in all.

    Goods outside every section count in the whole only.
    """
    on_sale = Sku.objects.on_sale().filter(Exists(stock_available(city).filter(sku=OuterRef("pk"))))
    rows = (
        on_sale.order_by()
        .values("product__places__section_id")
        .annotate(sku_ids=ArrayAgg("pk"))
        .values_list("product__places__section_id", "sku_ids")
    )
    goods = [(section_id, BitMap(sku_ids)) for section_id, sku_ids in rows]
    total = len(BitMap.union(*(skus for _, skus in goods))) if goods else 0
    return {section_id: skus for section_id, skus in goods if section_id is not None}, total


def _counted(goods: dict[int, BitMap], parents: Mapping[int, int | None]) -> dict[int, int]:
    """Skus of each section and all below it; one that lies in two of them counts once."""
    whole: dict[int, BitMap] = {}
    for section_id, skus in goods.items():
        place: int | None = section_id
        while place is not None and place in parents:
            whole.setdefault(place, BitMap()).update(skus)
            place = parents[place]
    return {section_id: len(skus) for section_id, skus in whole.items()}
