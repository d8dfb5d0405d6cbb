"""What to take instead of goods that are no longer sold."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import ProductRelation, RelationKind, Sku

_MOST = 3


@dataclass(frozen=True, slots=True)
class Analog:
    """A sku on sale that may stand in for another; `note` says how far: «частичный аналог, другой цвет»."""

    sku_id: int
    name: str
    note: str = ""


def analogs_of(product_ids: Collection[int]) -> dict[int, list[Analog]]:
    """Up to three skus on sale for each product, newer versions first; two queries, none for no products."""
    if not product_ids:
        return {}
    relations = ProductRelation.objects.filter(
        Q(product__in=product_ids, kind__in=_KINDS) | Q(related__in=product_ids, kind=RelationKind.ANALOG)
    ).order_by("position", "pk")
    others: dict[int, dict[int, str]] = {}
    for relation in sorted(relations, key=lambda one: _KINDS.index(RelationKind(one.kind))):
        if relation.product_id in product_ids:
            others.setdefault(relation.product_id, {}).setdefault(relation.related_id, relation.note)
        if relation.related_id in product_ids and relation.kind == RelationKind.ANALOG:
            others.setdefault(relation.related_id, {}).setdefault(relation.product_id, relation.note)
    skus: dict[int, list[Sku]] = {}
    wanted = {pk for found in others.values() for pk in found}
    for sku in Sku.objects.on_sale().select_related("product").filter(product__in=wanted).order_by("pk"):
        skus.setdefault(sku.product_id, []).append(sku)
    return {
        product_id: [
            Analog(sku.pk, sku.name, note) for other, note in found.items() for sku in skus.get(other, ())
        ][:_MOST]
        for product_id, found in others.items()
    }


_KINDS = (RelationKind.NEWER, RelationKind.ANALOG)
