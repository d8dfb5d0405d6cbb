"""Discounts for a client on some goods, and in which of their sections each good lies; one query.

By hand: a cart of five hundred goods has Django put together two lists of as many numbers.
"""

from collections.abc import Mapping
from dataclasses import replace

from django.db import connection

from pricing.discounts import Discount, Place
from pricing.terms import PriceTerms

# Conditions are those of `rules_for` and `_fits_goods`. A section may be hidden from menus: prices do not
# change by that. UNION ends loops in 1C's trees.
_DISCOUNTS = """
WITH RECURSIVE rule AS MATERIALIZED (
    SELECT id, name, (percent * 100)::integer AS percent, priority, is_active, section_id, brand_id, sku_id,
           group_id, holding_id, contract_id, city_id, minimum_quantity, valid_from, valid_until
      FROM pricing_discountrule
     WHERE is_active
       AND (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_until IS NULL OR valid_until >= %(on)s)
       AND (group_id IS NULL OR group_id = %(group)s) AND (holding_id IS NULL OR holding_id = %(holding)s)
       AND (contract_id IS NULL OR contract_id = %(contract)s) AND (city_id IS NULL OR city_id = %(city)s)
       AND (sku_id IS NULL OR sku_id = ANY(%(skus)s)) AND (brand_id IS NULL OR brand_id = ANY(%(brands)s))
), above (product_id, section_id) AS (
    SELECT product_id, section_id FROM catalog_productsection
     WHERE product_id = ANY(%(products)s) AND EXISTS (SELECT FROM rule WHERE section_id IS NOT NULL)
     UNION
    SELECT above.product_id, section.parent_id
      FROM above JOIN catalog_section section ON section.id = above.section_id
     WHERE section.parent_id IS NOT NULL
), lying AS (
    SELECT section_id, array_agg(product_id) AS product_ids
      FROM above WHERE section_id IN (SELECT section_id FROM rule) GROUP BY section_id
)
SELECT rule.*, lying.product_ids
  FROM rule LEFT JOIN lying ON lying.section_id = rule.section_id
 ORDER BY rule.priority DESC, rule.percent DESC, rule.id
"""


def discounts_met(
    places: Mapping[int, Place], terms: PriceTerms
) -> tuple[tuple[Discount, ...], dict[int, Place]]:
    """Discounts in force that the client meets and that may be for the goods, by rank; quantity is not asked.

    The goods come back with those sections, however deep they lie in them, that any of the discounts names.
    """
    asked = {
        "on": terms.on,
        "group": terms.group_id,
        "holding": terms.holding_id,
        "contract": terms.contract_id,
        "city": terms.city_id,
        "skus": list(places),
        "brands": sorted({place.brand_id for place in places.values() if place.brand_id is not None}),
        "products": sorted({place.product_id for place in places.values()}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DISCOUNTS, asked)
        rows = cursor.fetchall()
    lying: dict[int, set[int]] = {}
    for *told, product_ids in rows:
        for product_id in product_ids or ():
            lying.setdefault(product_id, set()).add(told[_SECTION])
    discounts = tuple(Discount(*told) for *told, _product_ids in rows)
    return discounts, {
        pk: replace(place, section_ids=frozenset(lying[place.product_id]))
        if place.product_id in lying
        else place
        for pk, place in places.items()
    }


_SECTION = 5
"""The place of a rule's section among its columns, which are the fields of a `Discount`."""
