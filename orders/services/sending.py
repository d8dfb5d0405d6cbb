"""Several carts sent to work at once: each is an order of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import DeliveryAddress
from orders.models import Cart, Order
from orders.refusals import CartOrAddressGone, OrderRefused
from orders.services.guarding import guards_check
from orders.services.submission import order_submit


@dataclass(frozen=True, slots=True)
class Sending:
    """What a person filled in for one of the carts; see `order_submit` and `guards_check`."""

    cart_id: int
    delivery_address_id: int | None
    comment: str
    client_reference: str
    idempotency_key: UUID
    expected_total: Decimal
    guards_seen: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: an order, or why there is none."""

    sending: Sending
    order: Order | None = None
    refusal: OrderRefused | None = None


def orders_submit(*, actor: Actor, sendings: Sequence[Sending], at: datetime) -> list[Sent]:
    """Submit each cart in a transaction of its own: what one is refused for does not hold the others back.

    In the given order; sent again with the same keys gives the same orders. Raises AccessDenied,
    Cart.DoesNotExist where one is not the actor's: then none goes.
    """
    actor.require(Permission.ORDER_CREATE)
    asked = {sending.cart_id for sending in sendings}
    if Cart.objects.owned_by(actor).filter(pk__in=asked).count() < len(asked):
        raise Cart.DoesNotExist
    keys = [sending.idempotency_key for sending in sendings]
    return [_sent(actor, sending, keys, at) for sending in sendings]


def _sent(actor: Actor, sending: Sending, keys: Collection[UUID], at: datetime) -> Sent:
    try:
        guards_check(
            actor=actor,
            cart_id=sending.cart_id,
            guards_seen=sending.guards_seen,
            keys=keys,
            at=at,
        )
        order = order_submit(
            actor=actor,
            cart_id=sending.cart_id,
            delivery_address_id=sending.delivery_address_id,
            comment=sending.comment,
            client_reference=sending.client_reference,
            idempotency_key=sending.idempotency_key,
            expected_total=sending.expected_total,
            at=at,
        )
    except (Cart.DoesNotExist, DeliveryAddress.DoesNotExist):  # deleted while the others were being sent
        return Sent(sending, refusal=CartOrAddressGone())
    except OrderRefused as refusal:
        return Sent(sending, refusal=refusal)
    return Sent(sending, order=order)
