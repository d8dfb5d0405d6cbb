"""Carts put aside: one of them becomes the one that is being gathered."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from counterparties.actor import Actor
from orders.models import Cart, CartSharing
from orders.services.carts import gathering_begin


@transaction.atomic
def cart_choose(*, actor: Actor, cart_id: int, at: datetime) -> Cart:
    """Gather a saved cart from now on; the one gathered before is put aside, nothing is mixed or emptied.

    Colleagues see it no longer: a current cart is its person's alone. Idempotent. Raises AccessDenied,
    Cart.DoesNotExist (also for another person's).
    """
    gathering_begin(actor)
    mine = Cart.objects.owned_by(actor)
    place = mine.values("legal_entity_id", "contract_id", "city_id", "drafted_by_id").get(pk=cart_id)
    here = Cart.objects.filter(user_id=actor.user_id or 0, **place)
    while True:
        try:
            with transaction.atomic():
                return _chosen(here, cart_id, at)
        except IntegrityError:  # a first good has just made a current cart here, which had no row to lock
            if not here.filter(is_current=True).exclude(pk=cart_id).exists():
                raise


def _chosen(here: QuerySet[Cart], cart_id: int, at: datetime) -> Cart:
    rows = list(here.select_for_update(of=("self",)).order_by("pk"))
    chosen = next((row for row in rows if row.pk == cart_id), None)
    if chosen is None:  # went to another person meanwhile
        raise Cart.DoesNotExist
    aside = [row.pk for row in rows if row.is_current and row.pk != cart_id]
    Cart.objects.filter(pk__in=aside).update(is_current=False, updated_at=at)
    chosen.is_current, chosen.sharing, chosen.updated_at = True, CartSharing.OWN, at
    chosen.save(update_fields=["is_current", "sharing", "updated_at"])
    return chosen
