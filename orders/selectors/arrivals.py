"""What a person waits for."""

from collections.abc import Collection

from catalog.models import City
from counterparties.actor import Actor
from orders.models import ArrivalWatch


def watched(*, actor: Actor, city: City | None, sku_ids: Collection[int]) -> dict[int, int]:
    """Watches of the person in the city by sku; one query, none where nothing can be waited for."""
    if city is None or not sku_ids or not actor.is_client:
        return {}
    mine = ArrivalWatch.objects.visible_to(actor).filter(city=city, sku__in=sku_ids)
    return dict(mine.values_list("sku_id", "pk"))
