"""Which properties the goods of a section have, and how many of the goods: what filters are chosen from."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet

from catalog.models import ProductSection, Property, PropertyValue

_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT %s::bigint
    UNION
    SELECT section.id FROM below JOIN catalog_section section ON section.parent_id = below.id
)
SELECT id FROM below
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A property and the share of a section's goods that have it, percent 0-100."""

    name: str
    percent: int


def section_ids_below(section_id: int) -> list[int]:
    """The section and all below it; a loop in 1C's data ends."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [section_id])
        return [int(pk) for (pk,) in cursor.fetchall()]


def properties_of_section(section_id: int) -> QuerySet[Property]:
    """Properties that any of the section's goods has."""
    return Property.objects.filter(Exists(_values(section_id).filter(property=OuterRef("pk"))))


def property_coverage(section_id: int, *, limit: int = 12) -> list[Coverage]:
    """Properties of the section's goods that may be shown, most common first; three queries."""
    goods = _goods(section_id).values("product_id").distinct().count()
    if not goods:
        return []
    found = (
        _values(section_id)
        .filter(property__is_hidden=False)
        .values("property_id", "property__name")
        .annotate(goods=Count("product_id", distinct=True))
        .order_by("-goods", "property__name")[:limit]
    )
    return [Coverage(row["property__name"], 100 * row["goods"] // goods) for row in found]


def _goods(section_id: int) -> QuerySet[ProductSection]:
    return ProductSection.objects.filter(
        section_id__in=section_ids_below(section_id), product__is_hidden=False
    )


def _values(section_id: int) -> QuerySet[PropertyValue]:
    return PropertyValue.objects.filter(product_id__in=_goods(section_id).values("product_id"))
