"""Goods that a manager may offer instead of what was asked for."""

from django.db.models import Q

from catalog.models import Sku

_MOST = 8
_WORDS = 6


def goods_to_offer(text: str) -> list[Sku]:
    """Goods on sale with the article, or with all of the words in their name; the exact article first."""
    words = text.split()[:_WORDS]
    if not words:
        return []
    goods = Sku.objects.on_sale().select_related("product__unit").defer("product__description")
    exact = list(goods.filter(article__iexact=text.strip()).order_by("pk")[:_MOST])
    named = Q()
    for word in words:
        named &= Q(product__name__icontains=word) | Q(article__istartswith=word)
    among = goods.filter(named).exclude(pk__in=[one.pk for one in exact]).order_by("product__name", "pk")
    return [*exact, *among[: _MOST - len(exact)]]
