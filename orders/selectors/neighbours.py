"""The orders before and after one in the list."""

from dataclasses import dataclass

from django.db.models import Q

from counterparties.actor import Actor
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of the next newer and the next older order that the actor sees; None at the ends."""

    newer: int | None
    older: int | None


def order_neighbours(*, actor: Actor, order: Order) -> Neighbours:
    """As the list without filters has them; one query."""
    orders = Order.objects.visible_to(actor)
    at, pk = order.submitted_at, order.pk
    newer = orders.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk), submitted_at__gte=at)
    older = orders.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk), submitted_at__lte=at)
    fields = ("submitted_at", "pk")
    rows = list(
        newer.order_by(*fields)
        .values_list(*fields)[:1]
        .union(older.order_by("-submitted_at", "-pk").values_list(*fields)[:1])
    )
    return Neighbours(
        newer=next((one for moment, one in rows if (moment, one) > (at, pk)), None),
        older=next((one for moment, one in rows if (moment, one) < (at, pk)), None),
    )
