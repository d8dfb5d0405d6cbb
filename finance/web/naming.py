"""Orders behind the references of the ledger: `part:17` and `order:17` lead to the order's page."""

from collections.abc import Iterable
from dataclasses import dataclass

from counterparties.actor import Actor
from orders.models import Order, OrderPart

_PART, _ORDER = "part:", "order:"


@dataclass(frozen=True, slots=True)
class OrderLink:
    pk: int
    label: str


def order_links(references: Iterable[str], *, actor: Actor) -> dict[str, OrderLink]:
    """Orders that the actor may see, by reference; two queries, none for no references."""
    wanted = {reference for reference in references if reference}
    parts = _ids(wanted, _PART)
    orders: dict[str, int] = {f"{_ORDER}{pk}": pk for pk in _ids(wanted, _ORDER)}
    if parts:
        for pk, order_id in OrderPart.objects.filter(pk__in=parts).values_list("pk", "order_id"):
            orders[f"{_PART}{pk}"] = order_id
    if not orders:
        return {}
    seen = {order.pk: order for order in Order.objects.visible_to(actor).filter(pk__in=set(orders.values()))}
    return {reference: OrderLink(pk, seen[pk].label) for reference, pk in orders.items() if pk in seen}


def _ids(references: set[str], prefix: str) -> list[int]:
    return [int(name.removeprefix(prefix)) for name in references if name.startswith(prefix)]
