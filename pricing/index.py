"""Stand-in until branch `pricing` brings its own: prices of all goods for sorting and filters."""

import numpy as np
from django.conf import settings

from catalog.index.codec import Vector
from catalog.index.reading import Index
from pricing.arithmetic import to_units
from pricing.selectors import quotes
from pricing.terms import PriceTerms


def effective_prices(index: Index, terms: PriceTerms) -> Vector:
    """1/10000 RUB beside each ordinal, 0: on request."""
    if settings.CATALOG_INDEX_INLINE:
        return _prices(index, terms)
    return index.derived(("prices", terms), lambda: _prices(index, terms), depends_on=("goods", "stock"))


def _prices(index: Index, terms: PriceTerms) -> Vector:
    prices = np.zeros(index.size, dtype=np.int64)
    skus = index.vector("sku").tolist()
    found = quotes(sku_ids=[pk for pk in skus if pk], terms=terms)
    for ordinal, pk in enumerate(skus):
        if pk in found:
            prices[ordinal] = to_units(found[pk].amount)
    return prices
