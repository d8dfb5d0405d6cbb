"""Filters beside a list: what may be chosen, how many goods each choice would leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

import numpy as np

from catalog.index.codec import ordinals
from catalog.index.selection import Histogram, counts, histogram
from catalog.models import FacetKind
from catalog.selectors import FacetPlan, property_key
from catalog.selectors.naming import brand_names, warehouse_names
from catalog.web.asked import Asked
from catalog.web.choice import Span
from catalog.web.fitting import SelectFacet, application_facet
from catalog.web.typed import number_text
from portal.lib.money import format_quantity
from portal.lib.sorting import name_sort_key

SHOWN, MOST = 8, 300
SEARCHED_FROM = 12
BRAND = "Бренд"
BAR_WIDTH, CHART_HEIGHT = 10, 28


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value to tick: what the address says, what a person reads, how many goods it would leave."""

    value: str
    name: str
    count: int
    is_chosen: bool
    key: str


@dataclass(frozen=True, slots=True)
class ListFacet:
    """Values to tick. `shown` stand at once, `folded` behind «ещё 34»; both in the same order."""

    name: str
    title: str
    unit: str
    shown: tuple[FacetOption, ...]
    folded: tuple[FacetOption, ...]
    is_open: bool
    template = "catalog/_facet_list.html"

    @property
    def chosen(self) -> int:
        return sum(option.is_chosen for option in self.shown)

    @property
    def is_searched(self) -> bool:
        return len(self.shown) + len(self.folded) >= SEARCHED_FROM


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram; outside of the chosen range it is pale."""

    x: int
    y: int
    height: int
    is_inside: bool


@dataclass(frozen=True, slots=True)
class RangeFacet:
    """From and to. `least` and `most` are what the goods have, written as a person would."""

    name: str
    title: str
    unit: str
    low: str
    high: str
    least: str
    most: str
    bars: tuple[Bar, ...]
    is_open: bool
    template = "catalog/_facet_range.html"

    @property
    def chosen(self) -> int:
        return 1 if self.low or self.high else 0

    @property
    def chart_width(self) -> int:
        return len(self.bars) * BAR_WIDTH


Facet = ListFacet | RangeFacet | SelectFacet


def facets_of(asked: Asked) -> list[Facet]:
    """Filters of the list, in order; those from which nothing could be chosen are left out."""
    brand = _brand(asked)
    found: list[Facet | None] = [_price(asked), brand, application_facet(asked)]
    # Exports often carry the brand once more as a property.
    plan = [one for one in asked.plan if brand is None or one.name.casefold() != BRAND.casefold()]
    asked.index.values_of(one.property_id for one in plan if one.kind == FacetKind.LIST)
    found += [_listed(asked, one) if one.kind == FacetKind.LIST else _ranged(asked, one) for one in plan]
    found.append(_warehouse(asked))
    return [facet for facet in found if facet is not None]


def _brand(asked: Asked) -> ListFacet | None:
    names = brand_names(asked.index)
    found = counts(asked.index.brands, asked.query.without("brand"))
    chosen = set(asked.choice.brands)
    options = (
        _option("brand", str(pk), names.get(pk, ""), found.get(pk, 0), is_chosen=pk in chosen)
        for pk in found.keys() | chosen
        if pk in names
    )
    return _facet("brand", BRAND, "", options)


def _warehouse(asked: Asked) -> ListFacet | None:
    """Warehouses of the city; nothing to choose where there is one."""
    names, goods = warehouse_names(asked.index, asked.city), asked.query.without("warehouse")
    chosen = set(asked.choice.warehouses)
    options = [
        _option(
            "warehouse",
            str(pk),
            name,
            asked.index.city([pk]).available.intersection_cardinality(goods),
            is_chosen=pk in chosen,
        )
        for pk, name in names.items()
    ]
    kept = tuple(one for one in options if one.count or one.is_chosen)
    if len(names) < 2 or not kept:
        return None
    return ListFacet("warehouse", "Есть на складе", "", kept, (), is_open=True)


def _listed(asked: Asked, plan: FacetPlan) -> ListFacet | None:
    key = property_key(plan.property_id)
    found = counts(asked.index.values(plan.property_id), asked.query.without(key))
    chosen = set(dict(asked.choice.values).get(plan.property_id, ()))
    options = (
        _option(key, text, text, found.get(text, 0), is_chosen=text in chosen)
        for text in found.keys() | chosen
    )
    return _facet(key, plan.name, plan.unit, options, is_open=not plan.is_collapsed)


def _facet(
    name: str, title: str, unit: str, options: Iterable[FacetOption], *, is_open: bool = True
) -> ListFacet | None:
    """Options in the order of names; of many the most common ones and the chosen ones stand first at hand."""
    by_count = sorted(options, key=lambda one: (not one.is_chosen, -one.count, one.name))[:MOST]
    chosen = sum(one.is_chosen for one in by_count)
    if not by_count or (len(by_count) == 1 and not chosen):
        return None
    border = max(SHOWN, chosen) if len(by_count) > SHOWN + 2 else len(by_count)
    shown, folded = (
        tuple(sorted(part, key=lambda one: name_sort_key(one.name)))
        for part in (by_count[:border], by_count[border:])
    )
    return ListFacet(name, title, unit, shown, folded, is_open=is_open or chosen > 0)


def _option(facet: str, value: str, name: str, count: int, *, is_chosen: bool) -> FacetOption:
    return FacetOption(value, name, count, is_chosen, key=f"{facet}-{crc32(value.encode()):x}")


def _ranged(asked: Asked, plan: FacetPlan) -> RangeFacet | None:
    key = property_key(plan.property_id)
    span = dict(asked.choice.ranges).get(plan.property_id, Span())
    numbers = asked.index.numbers(plan.property_id).of(asked.query.without(key), asked.index.size)
    return _range(key, plan.name, plan.unit, span, histogram(numbers), is_open=not plan.is_collapsed)


def _price(asked: Asked) -> RangeFacet | None:
    """The person's own prices in roubles."""
    if asked.prices is None:
        return None
    prices = asked.prices[ordinals(asked.query.without("price"))]
    known = prices[prices > 0].astype(np.float64) / float(10**4)
    return _range("price", "Моя цена", "₽", asked.choice.price, histogram(known), is_open=True)


def _range(
    name: str, title: str, unit: str, span: Span, chart: Histogram | None, *, is_open: bool
) -> RangeFacet | None:
    if not span and (chart is None or chart.low == chart.high):
        return None
    return RangeFacet(
        name=name,
        title=title,
        unit=unit,
        low="" if span.low is None else number_text(span.low).replace(".", ","),
        high="" if span.high is None else number_text(span.high).replace(".", ","),
        least=_read(chart.low) if chart else "",
        most=_read(chart.high) if chart else "",
        bars=_bars(chart, span) if chart else (),
        is_open=is_open or bool(span),
    )


def _bars(chart: Histogram, span: Span) -> tuple[Bar, ...]:
    """Heights grow as the square root: one tall bar must not hide the others."""
    width = (chart.high - chart.low) / len(chart.bars)
    tallest = max(chart.bars)
    bars = []
    for place, count in enumerate(chart.bars):
        height = max(2, int(CHART_HEIGHT * float(np.sqrt(count / tallest)))) if count else 0
        left, right = chart.low + place * width, chart.low + (place + 1) * width
        is_inside = (span.low is None or right >= float(span.low)) and (
            span.high is None or left <= float(span.high)
        )
        bars.append(Bar(place * BAR_WIDTH, CHART_HEIGHT - height, height, is_inside))
    return tuple(bars)


def _read(number: float) -> str:
    """A number as a placeholder shows it: «1 200», «2,5»."""
    return format_quantity(Decimal(f"{number:.4f}"))
