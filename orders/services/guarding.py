"""The questions before an order goes: whoever sends one asks here first."""

from datetime import datetime
from uuid import UUID

from counterparties.actor import Actor
from orders.guards import GuardsRaised, guards_key
from orders.models import Cart
from orders.selectors.guards import guards_raised


def guards_check(
    *, actor: Actor, cart_id: int, guards_seen: str, idempotency_key: UUID, at: datetime
) -> None:
    """Let a cart pass that raises no questions, or only those that were answered; call before order_submit.

    `guards_seen` is the key of the questions that the person saw (`orders.guards.guards_key`): a new one
    since then is asked again. Changes nothing; a cart that is not the actor's is left to order_submit.
    Raises GuardsRaised, which holds the questions.
    """
    cart = Cart.objects.owned_by(actor).filter(pk=cart_id).first()
    if cart is None:
        return
    guards = guards_raised(actor=actor, cart=cart, at=at, idempotency_key=idempotency_key)
    if guards and guards_key(guards) != guards_seen:
        raise GuardsRaised(guards)
