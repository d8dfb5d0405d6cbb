"""Orders that add to an earlier one: an order that was sent only shrinks."""

from django.db import transaction

from counterparties.actor import Actor
from orders.models import Order


@transaction.atomic
def order_follow(*, actor: Actor, order_id: int, follows_id: int) -> bool:
    """Note that a new order adds to an earlier one of the same legal entity; tell whether it is noted.

    Idempotent. Another order than the actor's own, or one of another legal entity, is passed over: the
    person may have moved on to another cart. Raises Order.DoesNotExist (the new one).
    """
    orders = Order.objects.visible_to(actor)
    order = orders.select_for_update(of=("self",)).get(pk=order_id)
    first = orders.filter(pk=follows_id, legal_entity_id=order.legal_entity_id).exclude(pk=order_id).first()
    if first is None or order.follows_id is not None:
        return False
    order.follows = first
    order.save(update_fields=["follows"])
    return True
