"""Where orders from carts may be brought."""

from collections.abc import Sequence

from counterparties.models import DeliveryAddress
from orders.models import Cart


def addresses_of(carts: Sequence[Cart]) -> dict[int, list[DeliveryAddress]]:
    """Active addresses of each cart's legal entity in its city, the usual one first; one query."""
    rows = DeliveryAddress.objects.filter(
        legal_entity__in={cart.legal_entity_id for cart in carts},
        city__in={cart.city_id for cart in carts},
        is_active=True,
    ).order_by("-is_default", "pk")
    found: dict[tuple[int, int | None], list[DeliveryAddress]] = {}
    for address in rows:
        found.setdefault((address.legal_entity_id, address.city_id), []).append(address)
    return {cart.pk: found.get((cart.legal_entity_id, cart.city_id), []) for cart in carts}
