"""Which filters a list has: chosen for its section by an administrator, else by what its goods have."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.index.reading import Index
from catalog.models import FacetKind, Property, PropertyType, SectionFacet
from catalog.selectors.sections import branches, section_goods

MOST_AUTOMATIC = 30
OPEN_AUTOMATIC = 6
_BRAND = frozenset({"бренд", "торговая марка"})
"""1C sends the brand as a property, too; lists have a filter of their own for it."""
_DEPENDS = ("names", "tree", "sections", "goods", "coverage")


@dataclass(frozen=True, slots=True)
class FacetPlan:
    """A filter by one property: how it looks, in which unit its values are."""

    property_id: int
    name: str
    kind: FacetKind
    is_collapsed: bool
    unit: str


def facet_plan(index: Index, section_id: int | None) -> tuple[FacetPlan, ...]:
    """Filters of a section (None: of the whole catalogue), in their order.

    Those of the section itself, else of the nearest one above that has any, else the properties that most
    of its goods have. Two queries when names, trees or properties have changed, else none.
    """
    return index.derived(("facets", section_id), lambda: _plan(index, section_id), depends_on=_DEPENDS)


def _plan(index: Index, section_id: int | None) -> tuple[FacetPlan, ...]:
    tree = branches(index)
    chosen = _chosen(list(tree.above(section_id)) if section_id in tree.rows else [])
    if chosen:
        return chosen
    goods = index.on_sale if section_id is None else section_goods(index, section_id)
    return _automatic(index.properties_of(goods))


def _title(name: str, unit: str) -> str:
    """Names of 1C often end with the unit, which is told beside the name: «Мощность, Вт»."""
    return name.removesuffix(f", {unit}") if unit else name


def _chosen(section_ids: Sequence[int]) -> tuple[FacetPlan, ...]:
    """Filters of the first of the sections that has any."""
    rows = list(
        SectionFacet.objects.filter(section__in=section_ids, property__is_hidden=False)
        .select_related("property")
        .order_by("position", "property__name", "pk")
    )
    nearest = min((section_ids.index(row.section_id) for row in rows), default=None)
    return tuple(
        FacetPlan(
            property_id=row.property_id,
            name=_title(row.property.name, row.unit or row.property.unit),
            kind=FacetKind(row.kind),
            is_collapsed=row.is_collapsed,
            unit=row.unit or row.property.unit,
        )
        for row in rows
        if section_ids.index(row.section_id) == nearest
    )


def _automatic(property_ids: Sequence[int]) -> tuple[FacetPlan, ...]:
    """The most common properties; numbers as ranges, the first few open."""
    properties = Property.objects.filter(is_hidden=False).in_bulk(property_ids[: MOST_AUTOMATIC * 2])
    found = [properties[pk] for pk in property_ids[: MOST_AUTOMATIC * 2] if pk in properties]
    shown = [row for row in found if row.name.strip().casefold() not in _BRAND]
    return tuple(
        FacetPlan(
            property_id=row.pk,
            name=_title(row.name, row.unit),
            kind=FacetKind.RANGE if row.value_type == PropertyType.NUMBER else FacetKind.LIST,
            is_collapsed=place >= OPEN_AUTOMATIC,
            unit=row.unit,
        )
        for place, row in enumerate(shown[:MOST_AUTOMATIC])
    )
