"""A list of goods as one person asked for it: which goods, in which order, at whose prices."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from catalog.index.codec import Vector, bitmap, ordinals
from catalog.index.reading import Index
from catalog.index.selection import FacetQuery, ranked
from catalog.masks import levels_told
from catalog.models import AbsentPolicy, City, FacetKind
from catalog.selectors import (
    ApplicationChoice,
    FacetPlan,
    GoodsFilter,
    Searched,
    applications,
    city_goods,
    city_warehouses,
    facet_plan,
    goods_listed,
    goods_searched,
    query_for,
    sold_anywhere,
    with_elsewhere,
)
from catalog.web.choice import RELEVANCE, Choice, Span
from pricing.arithmetic import to_units
from pricing.index import effective_prices
from pricing.terms import PriceTerms

LAST = np.iinfo(np.int64).max
_MOST_PRICE = Decimal(10) ** 12


@dataclass(frozen=True)
class Asked:
    """`choice` holds only filters that the list has; `prices` are the person's own, 1/10000 RUB, 0: none.

    `on` is the Moscow date of the request.
    """

    index: Index
    city: City | None
    on: date
    terms: PriceTerms | None
    choice: Choice
    plan: tuple[FacetPlan, ...]
    query: FacetQuery
    prices: Vector | None
    stock_mask: str
    searched: Searched | None = None

    @cached_property
    def goods(self) -> BitMap:
        return self.query.result

    @cached_property
    def address(self) -> str:
        """What the choice says after the path; two dozen filters of a page add to it."""
        return self.choice.address()

    @property
    def is_absent_listed(self) -> bool:
        """Whether goods that have run out belong to the list."""
        is_hidden = self.city is None or self.city.absent_policy == AbsentPolicy.HIDE
        return self.choice.is_absent_shown or not is_hidden

    def page(self, start: int, stop: int) -> list[int]:
        """Skus at these places of the list, in its order."""
        goods = self.goods
        stop = min(stop, len(goods))
        if start >= stop:
            return []
        return self.index.sku_ids(ranked(goods, *self._order(), start=start, stop=stop))

    def _order(self) -> list[Vector]:
        """Keys of the order, ascending; the name decides among equals."""
        name = self.index.vector("name")
        return [*self._run_out_last(), *self._sort_keys(), name]

    def _sort_keys(self) -> list[Vector]:
        sort = self.choice.sort
        if sort == RELEVANCE and self.searched is not None:
            return [-self.searched.relevance]
        if sort == "popular":
            return [-self.index.vector("popularity")]
        if sort == "-stock":
            lies = self.index.stock(city_warehouses(self.index, self.city))
            return [-levels_told(lies, self.stock_mask)]
        if sort in {"price", "-price"} and self.prices is not None:
            return [np.where(self.prices == 0, LAST, self.prices if sort == "price" else -self.prices)]
        return []

    def _run_out_last(self) -> list[Vector]:
        if self.city is None or self.city.absent_policy != AbsentPolicy.LAST:
            return []
        is_absent = np.ones(self.index.size, dtype=np.int8)
        is_absent[ordinals(city_goods(self.index, self.city).available)] = 0
        return [is_absent]


def ask(
    index: Index,
    *,
    city: City | None,
    on: date,
    choice: Choice,
    section_id: int | None,
    terms: PriceTerms | None,
    stock_mask: str,
) -> Asked:
    """Find the goods; filters of other sections and warehouses of other cities are passed over."""
    plan = facet_plan(index, section_id)
    kinds = {kind: frozenset(one.property_id for one in plan if one.kind == kind) for kind in FacetKind}
    choice = choice.within(kinds[FacetKind.LIST], kinds[FacetKind.RANGE])
    served_by = city_warehouses(index, city)
    choice = replace(
        choice,
        application=_sensible(index, choice.application),
        warehouses=tuple(pk for pk in choice.warehouses if pk in served_by),
    )
    asked = _filter(choice, city, section_id)
    searched = _searched(index, choice, asked) if choice.search else None
    query = query_for(index, asked, base=searched.goods if searched else None)
    prices = None if terms is None else effective_prices(index, terms)
    if choice.price and prices is not None:
        query.narrow("price", _priced(prices, choice.price))
    return Asked(
        index=index,
        city=city,
        on=on,
        terms=terms,
        choice=choice,
        plan=plan,
        query=query,
        prices=prices,
        stock_mask=stock_mask,
        searched=searched,
    )


def _searched(index: Index, choice: Choice, asked: GoodsFilter) -> Searched:
    """What the words find: they are understood by what the city is sold, be it a section that is searched."""
    among = goods_listed(index, replace(asked, section_id=None))
    found = goods_searched(index, choice.search, among=among, city=asked.city, is_literal=choice.is_literal)
    if asked.section_id is not None:
        return found.within(goods_listed(index, asked))
    return with_elsewhere(index, found, among=sold_anywhere(index))


def _sensible(index: Index, chosen: ApplicationChoice) -> ApplicationChoice:
    """The choice without a make that the kind does not have, and without a model that the make does not."""
    rows = [row for row in applications(index) if row.kind == chosen.kind]
    if chosen.make and all(row.make != chosen.make for row in rows):
        return replace(chosen, make="", model="")
    models = {row.model for row in rows if row.make == chosen.make}
    return chosen if not chosen.model or chosen.model in models else replace(chosen, model="")


def _filter(choice: Choice, city: City | None, section_id: int | None) -> GoodsFilter:
    return GoodsFilter(
        city=city,
        section_id=section_id,
        is_absent_shown=choice.is_absent_shown,
        brand_ids=choice.brands,
        warehouse_ids=choice.warehouses,
        application=choice.application,
        values=dict(choice.values),
        ranges={pk: (_float(span.low), _float(span.high)) for pk, span in choice.ranges},
    )


def _priced(prices: Vector, span: Span) -> BitMap:
    """Goods with a price between both ends; goods on request have none."""
    fits = prices > 0
    if span.low is not None:
        fits = fits & (prices >= to_units(min(span.low, _MOST_PRICE)))
    if span.high is not None:
        fits = fits & (prices <= to_units(min(span.high, _MOST_PRICE)))
    return bitmap(np.flatnonzero(fits))


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
