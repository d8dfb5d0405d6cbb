"""Prices of all goods at once: a stored vector for each price type, a client's own computed from it.

There is no table of clients × goods. Those who buy on the same terms share one computed vector; a contract
with individual prices has a copy of its own, kept as long as the bounded cache of the process likes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection
from pyroaring import BitMap

from catalog.index.codec import Ordinals, Vector, ordinals
from catalog.index.kinds import BRANDS, SECTIONS, TERMS, TREE, Kind, Layout, kind_add
from catalog.index.parts import Touch
from catalog.index.reading import Index
from catalog.index.writing import Writing
from pricing.arithmetic import Scale, Units, computed, to_units
from pricing.discounts import Discount
from pricing.selectors.facts import agreed_for, discount_of, ranked, rules_for
from pricing.selectors.quotes import ONE
from pricing.terms import PriceTerms

PRICE = kind_add(Kind("price", Layout.VECTOR, "int64"))
"""Owner: price type. The price of one unit in 1/10000 of the type's currency; 0 is on request."""

_OWN = """
SELECT price_type_id, array_agg(sku_id), array_agg(units) FROM (
    SELECT DISTINCT ON (price_type_id, sku_id) price_type_id, sku_id, (amount * 10000)::bigint AS units
      FROM pricing_price
     WHERE price_type_id = ANY(%s) AND minimum_quantity <= 1
       AND (%s::bigint[] IS NULL OR sku_id = ANY(%s::bigint[]))
     ORDER BY price_type_id, sku_id, minimum_quantity DESC
) AS own GROUP BY price_type_id
"""
_BASES = """
SELECT array_agg(sku.id), array_agg(base.id)
  FROM catalog_sku sku CROSS JOIN LATERAL (
      SELECT min(id) AS id FROM catalog_sku plain
       WHERE plain.product_id = sku.product_id AND plain.characteristic = ''
  ) AS base
 WHERE sku.characteristic <> '' AND base.id IS NOT NULL
   AND (%s::bigint[] IS NULL OR sku.id = ANY(%s::bigint[]))
"""
_TYPES_AT_ONCE = 4
"""All goods' prices of a few types: some hundred thousand numbers in memory, not millions."""

_OF_PRODUCTS = "SELECT coalesce(array_agg(id), '{}') FROM catalog_sku WHERE product_id = ANY(%s)"
_SIBLINGS = """
SELECT coalesce(array_agg(id), '{}') FROM catalog_sku
 WHERE product_id IN (SELECT product_id FROM catalog_sku WHERE id = ANY(%s))
"""
_BELOW = """
WITH RECURSIVE below (top, id) AS (
    SELECT id, id FROM catalog_section WHERE id = ANY(%s)
    UNION
    SELECT below.top, section.id FROM below JOIN catalog_section section ON section.parent_id = below.id
)
SELECT top, array_agg(id) FROM below GROUP BY top
"""


# --- writing ----------------------------------------------------------------------------------------
class PricePart:
    """What one unit of each sku costs by each price type, the product's price standing in where it does."""

    kinds = frozenset({"price", "product"})

    def build(self, writing: Writing) -> None:
        self._write(writing, _price_types(), None)

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        products = [touch for touch in touches if touch.kind == "product"]
        prices = [touch for touch in touches if touch.kind == "price"]
        if products:
            self._write(writing, _price_types(), _skus(_OF_PRODUCTS, products))
        if prices:
            self._write(writing, sorted({touch.owner for touch in prices}), _skus(_SIBLINGS, prices))

    def _write(self, writing: Writing, price_types: Sequence[int], sku_ids: list[int] | None) -> None:
        """Write the types' prices of these skus and of no others (None: of all)."""
        heirs, bases = _bases(writing, sku_ids)
        at_once = _TYPES_AT_ONCE if sku_ids is None else len(price_types) or 1
        for start in range(0, len(price_types), at_once):
            own = _own_prices(writing, price_types[start : start + at_once], sku_ids)
            for prices in own.values():
                without = prices[heirs] < 0
                prices[heirs[without]] = prices[bases[without]]
                np.maximum(prices, 0, out=prices)
            writing.renew_vectors(PRICE, own, sku_ids)


def _price_types() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM pricing_pricetype ORDER BY id")
        return [pk for (pk,) in cursor.fetchall()]


def _skus(statement: str, touches: Sequence[Touch]) -> list[int] | None:
    """All skus whose price may hang on what was touched; None is all."""
    if any(touch.ids is None for touch in touches):
        return None
    ids = sorted({pk for touch in touches for pk in touch.ids or ()})
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        ((found,),) = cursor.fetchall()
    return list(found)


def _bases(writing: Writing, sku_ids: list[int] | None) -> tuple[Vector, Vector]:
    """Ordinals of skus with a characteristic, beside each that of the sku whose price it takes over."""
    with connection.cursor() as cursor:
        cursor.execute(_BASES, [sku_ids, sku_ids])
        ((first, second),) = cursor.fetchall()
    heirs = writing.ordinals(np.array(first or (), np.int64))
    bases = writing.ordinals(np.array(second or (), np.int64))
    is_known = (heirs >= 0) & (bases >= 0)
    return heirs[is_known], bases[is_known]


def _own_prices(writing: Writing, price_types: Sequence[int], sku_ids: list[int] | None) -> dict[int, Vector]:
    """Prices that the skus have themselves, by price type; -1 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [list(price_types), sku_ids, sku_ids])
        told = {type_id: (ids, units) for type_id, ids, units in cursor.fetchall()}
    return {
        type_id: writing.vector_of(PRICE, *told.get(type_id, ((), ())), empty=-1) for type_id in price_types
    }


# --- reading ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Common:
    """All that makes prices but individual ones; clients of whom it is the same share a vector."""

    price_type_id: int
    floor_type_id: int | None
    scale: Scale
    discounts: tuple[Discount, ...]


@dataclass(frozen=True, slots=True)
class _Conditions:
    common: _Common | None
    agreed: tuple[tuple[int, int], ...]


def effective_prices(index: Index, terms: PriceTerms) -> Units:
    """What one unit of every good costs on these terms: 1/10000 RUB by ordinal, 0 is on request.

    The same as `quotes` tells, to the digit. Shared between requests: never write into it.
    """
    conditions = index.derived(("price_conditions", terms), lambda: _conditions(terms), depends_on=(TERMS,))
    if not conditions.agreed:
        return _common_prices(index, conditions.common)
    # All of it is made inside: prices taken before another thread hears of a change would pass for new ones.
    return index.derived(
        ("prices", conditions),
        lambda: _with_agreed(index, _common_prices(index, conditions.common), conditions.agreed),
        depends_on=(PRICE.name, BRANDS.name, SECTIONS.name, TREE),
    )


def _conditions(terms: PriceTerms) -> _Conditions:
    """Two queries; individual prices and discounts that hold for one unit."""
    agreed = dict(
        agreed_for(terms).filter(minimum_quantity__lte=ONE).values_list("sku_id", "amount")
    )  # of two for a sku the last one stays
    common = None
    if terms.price_type_id is not None and terms.has_prices:
        rules = () if terms.has_unknown_floor else rules_for(terms).filter(minimum_quantity__lte=ONE)
        common = _Common(
            price_type_id=terms.price_type_id,
            floor_type_id=terms.floor_type_id,
            scale=terms.scale,
            discounts=ranked(discount_of(rule) for rule in rules),
        )
    return _Conditions(common, tuple((pk, to_units(amount)) for pk, amount in agreed.items()))


def _common_prices(index: Index, common: _Common | None) -> Units:
    if common is None:
        return np.zeros(index.size, np.int64)
    if not common.discounts and not common.scale.is_converted:
        return index.vector(PRICE.name, common.price_type_id)
    return index.derived(
        ("common_prices", common),
        lambda: _computed(index, common),
        depends_on=(PRICE.name, BRANDS.name, SECTIONS.name, TREE),
    )


def _computed(index: Index, common: _Common) -> Units:
    amounts: Units = index.vector(PRICE.name, common.price_type_id)
    percents = _percents(index, common.discounts)
    is_changed = (amounts > 0) & ((percents > 0) | common.scale.is_converted)
    floors: Units = np.zeros_like(amounts)
    if common.floor_type_id is not None:
        floors = index.vector(PRICE.name, common.floor_type_id)
    prices = amounts.copy()
    prices[is_changed] = computed(
        amounts=amounts[is_changed],
        percents=percents[is_changed],
        floors=floors[is_changed],
        scale=common.scale,
    ).result
    prices.flags.writeable = False
    return prices


def _percents(index: Index, discounts: Sequence[Discount]) -> Units:
    """The discount of each good: those of higher rank are written over the others."""
    percents = np.zeros(index.size, np.int64)
    sections = _section_goods(index, discounts)
    for rule in reversed(discounts):
        goods: BitMap | None = None
        for chosen, known in ((rule.section_id, sections), (rule.brand_id, index.brands)):
            if chosen is not None:
                found = known.get(chosen, BitMap())
                goods = found if goods is None else goods & found
        if rule.sku_id is not None:
            found = index.ordinals([rule.sku_id])
            goods = found if goods is None else goods & found
        if goods is None:
            percents[:] = rule.percent
        else:
            percents[_inside(goods, index.size)] = rule.percent
    return percents


def _section_goods(index: Index, discounts: Sequence[Discount]) -> dict[int, BitMap]:
    """Goods of each section that discounts name, with those below it, hidden from menus or not."""
    wanted = sorted({rule.section_id for rule in discounts if rule.section_id is not None})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [wanted])
        below = dict(cursor.fetchall())
    known = index.section_goods()
    return {
        top: BitMap.union(*(known.get(pk, BitMap()) for pk in section_ids))
        for top, section_ids in below.items()
    }


def _with_agreed(index: Index, prices: Units, agreed: Sequence[tuple[int, int]]) -> Units:
    units = dict(agreed)
    places = _inside(index.ordinals(units), index.size)
    own = prices.copy()
    own[places] = [units[sku_id] for sku_id in index.sku_ids(places)]
    own.flags.writeable = False
    return own


def _inside(goods: BitMap, size: int) -> Ordinals:
    found = ordinals(goods)
    return found[found < size]
