"""Goods that a manager may offer instead of what was asked for."""

from catalog.index.reading import catalog_index
from catalog.models import City, Sku
from catalog.selectors import goods_searched

_MOST = 8


def goods_to_offer(text: str, *, city: City) -> list[Sku]:
    """The likeliest goods on sale by the search of the catalogue, what the city has first; one query."""
    if not text.strip():
        return []
    index = catalog_index()
    best = goods_searched(index, text, among=index.on_sale, city=city).best(_MOST)
    found = index.sku_ids(best)
    goods = Sku.objects.on_sale().select_related("product__unit").defer("product__description").in_bulk(found)
    return [goods[pk] for pk in found if pk in goods]
