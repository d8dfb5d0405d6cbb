"""Which goods a watched list of the catalogue holds now."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from pyroaring import BitMap

from catalog.index.codec import bitmap, ordinals
from catalog.index.reading import Index
from catalog.models import City
from catalog.selectors import (
    ApplicationChoice,
    GoodsFilter,
    city_goods,
    goods_listed,
    goods_searched,
    query_for,
)
from orders.models import ListWatchKind
from pricing.arithmetic import to_units
from pricing.index import effective_prices
from pricing.terms import PriceTerms


def list_goods(
    index: Index, asked: Mapping[str, Any], *, kind: str, city: City, terms: PriceTerms | None
) -> BitMap:
    """Skus of a list. `asked` is JSON: section, search, literal, brands, values, ranges, price, warehouses,
    application; what is absent asks for nothing.

    «New goods» are all that the list may hold, «in stock» what of it the city has.
    """
    is_stock = kind == ListWatchKind.STOCK
    chosen = GoodsFilter(
        city=city,
        section_id=asked.get("section"),
        is_absent_shown=not is_stock,
        brand_ids=tuple(asked.get("brands", ())),
        warehouse_ids=tuple(asked.get("warehouses", ())),
        application=ApplicationChoice(**asked.get("application", {})),
        values={int(pk): tuple(texts) for pk, texts in asked.get("values", {}).items()},
        ranges={int(pk): (low, high) for pk, (low, high) in asked.get("ranges", {}).items()},
    )
    base = goods_listed(index, chosen)
    if text := asked.get("search"):
        is_literal = bool(asked.get("literal"))
        base = goods_searched(index, text, among=base, city=city, is_literal=is_literal).goods
    goods = query_for(index, chosen, base=base).result
    if is_stock:
        goods = goods & city_goods(index, city).available
    low, high = asked.get("price") or (None, None)
    if terms is not None and (low or high):
        goods = goods & _priced(index, terms, low, high)
    return BitMap(index.sku_ids(ordinals(goods)))


def _priced(index: Index, terms: PriceTerms, low: str | None, high: str | None) -> BitMap:
    """Goods whose price lies between both ends; goods on request have none."""
    prices = effective_prices(index, terms)
    fits = prices > 0
    if low:
        fits = fits & (prices >= to_units(Decimal(low)))
    if high:
        fits = fits & (prices <= to_units(Decimal(high)))
    return bitmap(np.flatnonzero(fits))
