"""A page of a goods list: what catalogue and prices know of it, put together."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, QuerySet

from catalog.models import City, Sku
from catalog.selectors import (
    GoodsRow,
    WarehouseStock,
    availability,
    available_total,
    goods_rows,
    skus_listed,
    with_available,
)
from catalog.web.choice import Choice
from counterparties.selectors import Workplace
from pricing.selectors import PriceQuote, quotes, terms_for, with_price
from pricing.terms import PriceTerms


@dataclass(frozen=True, slots=True)
class Offer:
    """What one sku costs this client and where it lies; no quote is «по запросу».

    `available` is the sum over the warehouses, in base units.
    """

    quote: PriceQuote | None
    stocks: list[WarehouseStock]
    available: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    goods: GoodsRow
    offer: Offer


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows; `page` is Django's, for the pager."""

    rows: list[Row]
    page: Page
    terms: PriceTerms | None

    @property
    def total(self) -> int:
        return self.page.paginator.count


class CountedPaginator(Paginator):
    """A paginator that may have been told how many rows there are."""

    def __init__(self, rows: QuerySet[Any, Any], size: int, known: int | None) -> None:
        super().__init__(rows, size)
        self._known = known

    @cached_property
    def count(self) -> int:
        return self._known or super().count


def listing_page(
    *,
    workplace: Workplace,
    choice: Choice,
    on: date,
    section_ids: Collection[int] | None = None,
    known_total: int | None = None,
) -> Listing:
    """Rows of a page at the client's prices; a fixed number of queries, whatever the rows."""
    terms = terms_shown(workplace, on=on)
    skus = skus_listed(
        city=workplace.city,
        section_ids=section_ids,
        search=choice.search,
        is_absent_shown=choice.is_absent_shown,
    )
    is_plain = not choice.search and not choice.is_absent_shown
    ids = _ordered(skus, choice.sort, workplace.city, terms).values_list("pk", flat=True)
    page = CountedPaginator(ids, choice.size, known_total if is_plain else None).get_page(choice.page)
    sku_ids = list(page)
    offers = offers_for(sku_ids=sku_ids, city=workplace.city, terms=terms)
    rows = [Row(goods=goods, offer=offers[goods.sku_id]) for goods in goods_rows(sku_ids)]
    return Listing(rows=rows, page=page, terms=terms)


def terms_shown(workplace: Workplace, *, on: date) -> PriceTerms | None:
    """The terms of the workplace; none for a person whose company is not approved yet."""
    if not workplace.sees_prices:
        return None
    return terms_for(
        contract=workplace.contract, city=workplace.city, on=on, legal_entity=workplace.legal_entity
    )


def offers_for(*, sku_ids: Collection[int], city: City | None, terms: PriceTerms | None) -> dict[int, Offer]:
    """Price of one unit and stock of each sku; six queries at most."""
    stocks = availability(sku_ids=sku_ids, city=city)
    prices = quotes(sku_ids=sku_ids, terms=terms)
    return {
        sku_id: Offer(
            quote=prices.get(sku_id),
            stocks=stocks.get(sku_id, []),
            available=available_total(stocks.get(sku_id, [])),
        )
        for sku_id in sku_ids
    }


_BY_NAME: tuple[str, ...] = ("product__sort_key", "characteristic", "pk")
_PRICE_ORDERS: dict[str, Callable[[], OrderBy]] = {
    "price": lambda: F("price").asc(nulls_last=True),
    "-price": lambda: F("price").desc(nulls_last=True),
}


def _ordered(skus: QuerySet[Sku], sort: str, city: City | None, terms: PriceTerms | None) -> QuerySet[Any]:
    """Goods on request go last in both orders of price."""
    if sort in _PRICE_ORDERS:
        return with_price(skus, terms).order_by(_PRICE_ORDERS[sort](), *_BY_NAME)
    if sort == "-stock":
        return with_available(skus, city).order_by("-available", *_BY_NAME)
    return skus.order_by(*_BY_NAME)
