"""A cart taken along to another city."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from orders.models import Cart, CartLine
from orders.services.cart import Repeated, cart_take
from orders.services.cart_lines import Wish


@transaction.atomic
def cart_carry(*, actor: Actor, cart_id: int, city_id: int, at: datetime) -> Repeated:
    """Add all lines to the current cart of another city, on top of what it holds; this one is put aside.

    Nothing is emptied: what is no longer sold is left out and named, and stands in the cart put aside.
    Putting it aside keeps a way there and back from doubling the quantities. A second request finds the
    cart put aside already. Raises AccessDenied, Cart.DoesNotExist (not the actor's, or not current),
    Contract.DoesNotExist, City.DoesNotExist, ContractClosed.
    """
    actor.require(Permission.ORDER_CREATE)
    parties_hold()
    cart = _locked(actor, cart_id=cart_id, city_id=city_id)
    lines = CartLine.objects.filter(cart=cart).order_by("added_at", "pk")
    carried = cart_take(
        actor=actor,
        legal_entity_id=cart.legal_entity_id,
        contract_id=cart.contract_id,
        city_id=city_id,
        wishes=[Wish.of(line) for line in lines],
        at=at,
    )
    cart.is_current, cart.updated_at = False, at
    cart.save(update_fields=["is_current", "updated_at"])
    return carried


def _locked(actor: Actor, *, cart_id: int, city_id: int) -> Cart:
    """Lock the current carts of all cities, by key: there and back at once must not deadlock."""
    mine = Cart.objects.owned_by(actor).exclude(city_id=city_id)
    place = mine.values("legal_entity_id", "contract_id").get(pk=cart_id, drafted_by=actor.drafts_as_id)
    rows = (
        Cart.objects.select_for_update(of=("self",))
        .filter(user_id=actor.user_id or 0, drafted_by=actor.drafts_as_id, is_current=True, **place)
        .order_by("pk")
    )
    cart = next((row for row in rows if row.pk == cart_id), None)
    if cart is None:  # carried along or put aside meanwhile
        raise Cart.DoesNotExist
    return cart
