"""Filters beside a list: what may be chosen, how many goods each choice would leave.

A page draws what is seen at once. What is folded comes when it is opened, or stands in the page when the
address says so (`open=brand`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import TypeVar
from zlib import crc32

import numpy as np

from catalog.index.codec import ordinals
from catalog.index.selection import Histogram, counts, histogram
from catalog.models import FacetKind
from catalog.selectors import FacetPlan, property_key
from catalog.selectors.naming import brand_names, warehouse_names
from catalog.web.asked import Asked
from catalog.web.choice import Span
from catalog.web.facet_shapes import BAR_WIDTH, Bar, ClosedFacet, FacetOption, ListFacet, RangeFacet
from catalog.web.fitting import SelectFacet, application_facet
from catalog.web.typed import number_text
from portal.lib.money import format_quantity
from portal.lib.sorting import name_sort_key

SHOWN, MOST = 8, 300
BRAND = "Бренд"
CHART_HEIGHT = 28

Value = TypeVar("Value", int, str)


OpenFacet = ListFacet | RangeFacet | SelectFacet
Facet = OpenFacet | ClosedFacet


def facets_of(asked: Asked) -> list[Facet]:
    """Filters of the list but for the price, in order; those from which nothing could be chosen are left out.

    None of them looks at who asks: they are the same for all whom the city serves.
    """
    brand = _brand(asked)
    found: list[Facet | None] = [brand, application_facet(asked)]
    # Exports often carry the brand once more as a property.
    plan = [one for one in asked.plan if brand is None or one.name.casefold() != BRAND.casefold()]
    asked.index.values_of(one.property_id for one in plan if one.kind == FacetKind.LIST)
    found += [_planned(asked, one) for one in plan]
    found.append(_warehouse(asked))
    return [facet for facet in found if facet is not None]


def facet_of(asked: Asked, name: str) -> OpenFacet | None:
    """One filter that may be opened, drawn whole; None for any other name."""
    asked = replace(asked, choice=asked.choice.with_opened(name))
    if name == "brand":
        return _brand(asked)
    plan = next((one for one in asked.plan if property_key(one.property_id) == name), None)
    return None if plan is None else _worked_out(asked, plan)


def _brand(asked: Asked) -> ListFacet | None:
    names = brand_names(asked.index)
    chosen = [pk for pk in asked.choice.brands if pk in names]
    found = counts(asked.index.brands, asked.query.without("brand"))
    known = {pk: found.get(pk, 0) for pk in (*found, *chosen) if pk in names}
    return _list(asked, "brand", BRAND, "", known, chosen, names=names)


def _planned(asked: Asked, plan: FacetPlan) -> Facet | None:
    """A filter by a property; a collapsed one that nobody uses is not worked out."""
    key = property_key(plan.property_id)
    is_used = key in asked.choice.opened or any(
        pk == plan.property_id for pk, _chosen in (*asked.choice.values, *asked.choice.ranges)
    )
    if plan.is_collapsed and not is_used:
        if not _is_offered(asked, plan):
            return None
        return ClosedFacet(key, plan.name, plan.unit, _later(asked, key))
    return _worked_out(asked, plan)


def _worked_out(asked: Asked, plan: FacetPlan) -> OpenFacet | None:
    return _listed(asked, plan) if plan.kind == FacetKind.LIST else _ranged(asked, plan)


def _is_offered(asked: Asked, plan: FacetPlan) -> bool:
    """Whether the goods of the list differ in the property."""
    if plan.kind == FacetKind.LIST:
        goods, values = asked.goods, asked.index.values(plan.property_id).values()
        return len(list(islice((1 for members in values if members.intersect(goods)), 2))) > 1
    numbers = asked.index.numbers(plan.property_id).of(asked.goods, asked.index.size)
    return bool(len(numbers)) and numbers.min() < numbers.max()


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
    return ListFacet("warehouse", "Есть на складе", "", kept, is_open=True)


def _listed(asked: Asked, plan: FacetPlan) -> ListFacet | None:
    key = property_key(plan.property_id)
    found = counts(asked.index.values(plan.property_id), asked.query.without(key))
    chosen = dict(asked.choice.values).get(plan.property_id, ())
    known = found | {text: found.get(text, 0) for text in chosen}
    return _list(asked, key, plan.name, plan.unit, known, chosen, is_collapsed=plan.is_collapsed)


def _list(
    asked: Asked,
    key: str,
    title: str,
    unit: str,
    found: Mapping[Value, int],
    chosen: Collection[Value],
    *,
    names: Mapping[Value, str] | None = None,
    is_collapsed: bool = False,
) -> ListFacet | None:
    """Values in the order of names; of many the most common ones and the chosen ones stand first at hand."""
    named = {value: names[value] if names else str(value) for value in found}
    ordered = sorted(found, key=lambda one: (one not in chosen, -found[one], named[one]))[:MOST]
    if not ordered or (len(ordered) == 1 and not chosen):
        return None
    border = max(SHOWN, len(chosen)) if len(ordered) > SHOWN + 2 else len(ordered)
    is_whole, more = key in asked.choice.opened, len(ordered) - border

    def options(values: Iterable[Value]) -> tuple[FacetOption, ...]:
        in_order = sorted(values, key=lambda one: name_sort_key(named[one]))
        return tuple(_option(key, str(one), named[one], found[one], one in chosen) for one in in_order)

    return ListFacet(
        name=key,
        title=title,
        unit=unit,
        shown=options(ordered[:border]),
        is_open=is_whole or not is_collapsed or bool(chosen),
        folded=options(ordered[border:]) if is_whole else (),
        more=more,
        later=_later(asked, key) if more and not is_whole else "",
        is_whole=is_whole,
        is_unfolded=is_whole and not is_collapsed,
    )


def _later(asked: Asked, key: str) -> str:
    """The address of the list with one more filter drawn whole."""
    return f"{asked.address}{'&' if len(asked.address) > 1 else ''}open={key}"


def _option(facet: str, value: str, name: str, count: int, is_chosen: bool) -> FacetOption:
    return FacetOption(value, name, count, is_chosen, key=f"{facet}-{crc32(value.encode()):x}")


def _ranged(asked: Asked, plan: FacetPlan) -> RangeFacet | None:
    key = property_key(plan.property_id)
    span = dict(asked.choice.ranges).get(plan.property_id, Span())
    numbers = asked.index.numbers(plan.property_id).of(asked.query.without(key), asked.index.size)
    is_whole = key in asked.choice.opened
    return _range(
        key,
        plan.name,
        plan.unit,
        span,
        histogram(numbers),
        is_open=is_whole or not plan.is_collapsed,
        is_whole=is_whole,
    )


def price_facet(asked: Asked) -> RangeFacet | None:
    """The filter by the person's own prices in roubles; it stands before all others."""
    if asked.prices is None:
        return None
    prices = asked.prices[ordinals(asked.query.without("price"))]
    known = prices[prices > 0].astype(np.float64) / float(10**4)
    return _range("price", "Моя цена", "₽", asked.choice.price, histogram(known), is_open=True)


def _range(
    name: str,
    title: str,
    unit: str,
    span: Span,
    chart: Histogram | None,
    *,
    is_open: bool,
    is_whole: bool = False,
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
        is_whole=is_whole,
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
