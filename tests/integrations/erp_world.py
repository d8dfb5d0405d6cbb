"""A distributor whose 1C base knows its goods, and orders that are on their way there."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from integrations.models import ExchangeNode, ExternalId, ExternalKind
from integrations.services.orders import orders_enqueue
from orders.models import Cart, Order
from orders.services import order_confirm, order_submit
from tests.factories import AT, World, actor_of, make_cart, make_world

BOLT, CABLE = "11111111-18f9-11e7-80c2-000000000001", "11111111-18f9-11e7-80c2-000000000002"
WAREHOUSE, ENTITY = "22222222-18f9-11e7-80c2-000000000001", "33333333-18f9-11e7-80c2-000000000001"


def make_erp_world(node: ExchangeNode) -> World:
    """A distributor whose 1C base knows the bolt, the cable and the main warehouse."""
    world = make_world()
    node.organizations.add(world.organization)
    told = [
        (ExternalKind.SKU, BOLT, world.skus[0].pk),
        (ExternalKind.SKU, CABLE, world.skus[1].pk),
        (ExternalKind.WAREHOUSE, WAREHOUSE, world.main_warehouse.pk),
        (ExternalKind.LEGAL_ENTITY, ENTITY, world.entity.pk),
    ]
    ExternalId.objects.bulk_create(
        ExternalId(node=node, kind=kind, external_id=key, object_id=pk) for kind, key, pk in told
    )
    return world


def ordered(world: World, lines: dict[int, str], total: str, **changes: object) -> Order:
    """A confirmed order of the world's skus by their place, exported by its job."""
    Cart.objects.update(is_current=False)
    cart = make_cart(
        world.buyer, world.contract, world.city, {world.skus[place]: count for place, count in lines.items()}
    )
    told: dict[str, object] = {
        "actor": actor_of(world.buyer),
        "cart_id": cart.pk,
        "delivery_address_id": world.address.pk,
        "comment": "Позвоните\x0b за час",
        "client_reference": "PO-17",
        "idempotency_key": uuid4(),
        "expected_total": Decimal(total),
        "at": AT,
    }
    order = order_submit(**(told | changes))  # type: ignore[arg-type]
    order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=AT + timedelta(minutes=1))
    orders_enqueue(order_id=order.pk)
    return order
