"""What other goods go with some: learnt from orders."""

from collections.abc import Collection

from django.db.models import Sum

from catalog.models import Sku
from orders.models import BoughtTogether


def together_with(*, sku_ids: Collection[int], limit: int) -> list[int]:
    """Skus on sale that are most often ordered with any of these, without these; one query at most."""
    if not sku_ids:
        return []
    found = (
        BoughtTogether.objects.filter(sku__in=sku_ids, other__in=Sku.objects.on_sale())
        .exclude(other__in=sku_ids)
        .values("other_id")
        .annotate(times=Sum("orders"))
        .order_by("-times", "other_id")
        .values_list("other_id", flat=True)
    )
    return list(found[:limit])
