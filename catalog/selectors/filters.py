"""What a person asks of a list, as bitmaps; prices are not asked here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeVar

from pyroaring import BitMap

from catalog.index.reading import Index
from catalog.index.selection import FacetQuery
from catalog.models import Application, City
from catalog.selectors.city import city_warehouses, goods_shown
from catalog.selectors.sections import section_goods

Key = TypeVar("Key", int, str)
Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class ApplicationChoice:
    """What goods must fit; empty means any. A model is asked with its make, a make with its kind."""

    kind: str = ""
    make: str = ""
    model: str = ""
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.kind)


@dataclass(frozen=True, slots=True)
class GoodsFilter:
    """A list of goods as it was asked for: any of the values of a property, all properties together."""

    city: City | None
    section_id: int | None = None
    is_absent_shown: bool = False
    brand_ids: tuple[int, ...] = ()
    warehouse_ids: tuple[int, ...] = ()
    application: ApplicationChoice = ApplicationChoice()
    values: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[int, Range] = field(default_factory=dict)


def property_key(property_id: int) -> str:
    """Name of a property's filter in a query and in an address: `p15`."""
    return f"p{property_id}"


def goods_listed(index: Index, asked: GoodsFilter) -> BitMap:
    """Goods of the city and the section before any filter and search."""
    base = goods_shown(index, asked.city, is_absent_shown=asked.is_absent_shown)
    if asked.section_id is not None:
        base = base & section_goods(index, asked.section_id)  # never &=: the index's sets are shared
    return base


def query_for(index: Index, asked: GoodsFilter, *, base: BitMap | None = None) -> FacetQuery:
    """The goods asked for, filter by filter. No query to the database but for first looks.

    `base` are the goods before the filters, as a search found them; else all of the list.
    """
    query = FacetQuery(goods_listed(index, asked) if base is None else base)
    if asked.brand_ids:
        query.narrow("brand", _any(index.brands, asked.brand_ids))
    if asked.warehouse_ids:
        # Others are nobody's to ask for: one that serves no city, and ids made up to empty the cache.
        served = set(asked.warehouse_ids) & set(city_warehouses(index, asked.city))
        query.narrow("warehouse", index.city(served).available)
    if asked.application:
        query.narrow("application", _any(index.applications, applications_fitting(index, asked.application)))
    values = index.values_of(asked.values)
    for property_id, texts in asked.values.items():
        query.narrow(property_key(property_id), _any(values[property_id], texts))
    for property_id, (low, high) in asked.ranges.items():
        query.narrow(property_key(property_id), index.numbers(property_id).between(low, high))
    return query


def applications_fitting(index: Index, asked: ApplicationChoice) -> list[int]:
    """Applications that the choice covers; one that names no make, model or year fits any."""
    return [
        row.pk
        for row in applications(index)
        if row.kind == asked.kind
        and (not asked.make or row.make in {"", asked.make})
        and (not asked.model or row.model in {"", asked.model})
        and (asked.year is None or _covers(row, asked.year))
    ]


def applications(index: Index) -> tuple[Application, ...]:
    """All applications, by kind, make, model; one query when one of them has changed."""
    return index.derived(
        "applications",
        lambda: tuple(Application.objects.order_by("kind", "make", "model", "year_from", "pk")),
        depends_on=("names",),
    )


def _covers(row: Application, year: int) -> bool:
    return (row.year_from is None or row.year_from <= year) and (row.year_to is None or year <= row.year_to)


def _any(goods: Mapping[Key, BitMap], keys: Iterable[Key]) -> BitMap:
    """Goods of any of the keys; an unknown key has none."""
    return reduce(or_, (goods[key] for key in keys if key in goods), BitMap())
