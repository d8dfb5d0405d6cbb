"""Carts put aside: one of them becomes the one that is being gathered."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from orders.models import Cart, CartSharing


@transaction.atomic
def cart_choose(*, actor: Actor, cart_id: int, at: datetime) -> Cart:
    """Gather a saved cart from now on; the one gathered before is put aside, nothing is mixed or emptied.

    Colleagues see it no longer: a current cart is its person's alone. Idempotent. Raises AccessDenied,
    Cart.DoesNotExist (also for another person's).
    """
    actor.require(Permission.ORDER_CREATE)
    if actor.is_read_only:
        raise AccessDenied("Только просмотр")
    parties_hold()
    mine = Cart.objects.owned_by(actor)
    place = mine.values("legal_entity_id", "contract_id", "city_id", "drafted_by_id").get(pk=cart_id)
    rows = list(
        Cart.objects.select_for_update(of=("self",))
        .filter(user_id=actor.user_id or 0, **place)
        .order_by("pk")
    )
    chosen = next((row for row in rows if row.pk == cart_id), None)
    if chosen is None:  # went to another person meanwhile
        raise Cart.DoesNotExist
    aside = [row.pk for row in rows if row.is_current and row.pk != cart_id]
    Cart.objects.filter(pk__in=aside).update(is_current=False, updated_at=at)
    chosen.is_current, chosen.sharing, chosen.updated_at = True, CartSharing.OWN, at
    chosen.save(update_fields=["is_current", "sharing", "updated_at"])
    return chosen
