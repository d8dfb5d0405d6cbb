"""Orders that were sent before."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from catalog.models import Sku
from counterparties.models import Contract
from orders.models import Cart, Order
from orders.selectors.cart import cart_view, carts_whole
from orders.services import order_submit
from tests.factories import AT, TODAY, World, actor_of, make_cart


def make_order(
    person: User,
    contract: Contract,
    world: World,
    lines: Mapping[Sku, Decimal | int | str],
) -> Order:
    """An order for pickup, sent as a person sends it; his cart is there again empty."""
    Cart.objects.filter(user=person).delete()
    cart = make_cart(person, contract, world.city, lines)
    return cart_send(cart)


def cart_send(cart: Cart) -> Order:
    """Order what a cart holds, for pickup, at the sum that its person sees."""
    actor = actor_of(cart.user)
    loaded = carts_whole(Cart.objects.owned_by(actor)).get(pk=cart.pk)
    return order_submit(
        actor=actor,
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(loaded, on=TODAY).total.gross,
        at=AT,
    )
