"""What stands beside a product: analogs, newer versions, what is bought with it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from catalog.models import ProductRelation, RelationKind, Sku

_MOST_RELATED = 60


@dataclass(frozen=True, slots=True)
class Related:
    """A product that stands beside another one, with what of it is ordered."""

    product_id: int
    name: str
    kind: RelationKind
    note: str
    sku_ids: tuple[int, ...]


def related_products(product_id: int) -> list[Related]:
    """Related products that are on sale, in the administrator's order; two queries.

    An analog is one in both directions; what stands there twice is told once.
    """
    found: dict[tuple[str, int], str] = {}
    for relation in _relations(product_id)[:_MOST_RELATED]:
        is_own = relation.product_id == product_id
        other_id = relation.related_id if is_own else relation.product_id
        found.setdefault((relation.kind, other_id), relation.note)
    names: dict[int, str] = {}
    sku_ids: dict[int, list[int]] = {}
    skus = Sku.objects.on_sale().filter(product_id__in={other_id for _kind, other_id in found})
    for pk, other_id, name in skus.order_by("characteristic", "pk").values_list(
        "pk", "product_id", "product__name"
    ):
        names[other_id] = name
        sku_ids.setdefault(other_id, []).append(pk)
    return [
        Related(other_id, names[other_id], RelationKind(kind), note, tuple(sku_ids[other_id]))
        for (kind, other_id), note in found.items()
        if other_id in sku_ids
    ]


def _relations(product_id: int) -> QuerySet[ProductRelation]:
    return ProductRelation.objects.filter(
        Q(product_id=product_id) | Q(related_id=product_id, kind=RelationKind.ANALOG)
    ).order_by("position", "pk")
