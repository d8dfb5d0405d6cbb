"""The questions before an order goes: whoever sends one asks here first."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from counterparties.actor import Actor
from orders.guards import GuardsRaised, guards_key
from orders.models import Cart
from orders.selectors.guards import guards_raised


def guards_check(
    *, actor: Actor, cart_id: int, guards_seen: str, keys: Collection[UUID], at: datetime
) -> None:
    """Let a cart pass that raises no questions, or only those that were answered; call before order_submit.

    `guards_seen` is the key of the questions that the person saw (`orders.guards.guards_key`): a new one
    since then is asked again. `keys` are those of the orders that are being sent. Changes nothing; a cart
    that is not the actor's is left to order_submit.
    Raises GuardsRaised, which holds the questions.
    """
    cart = Cart.objects.owned_by(actor).filter(pk=cart_id).first()
    if cart is None:
        return
    guards = guards_raised(actor=actor, cart=cart, at=at, keys=keys)
    if guards and guards_key(guards) != guards_seen:
        raise GuardsRaised(guards)
