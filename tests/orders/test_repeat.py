"""Ordering the same again."""

from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.models import Product
from counterparties.models import Contract, ContractState
from orders import services
from orders.models import CartLine, Order
from tests.factories import AT, World, actor_of, make_cart


@pytest.fixture
def order(world: World) -> Order:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12, world.skus[1]: "2.5"})
    return services.order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=Decimal("1826.25"),
        at=AT,
    )


def repeat(world: World, order: Order) -> services.Repeated:
    return services.order_repeat(
        actor=actor_of(world.buyer),
        order_id=order.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        at=AT,
    )


def lines() -> list[tuple[int, Decimal]]:
    return list(CartLine.objects.order_by("sku_id").values_list("sku_id", "quantity"))


def test_order_repeat_joins_what_was_split_over_warehouses(world: World, order: Order) -> None:
    repeated = repeat(world, order)

    assert (repeated.added, repeated.left_out) == (2, ())
    assert lines() == [(world.skus[0].pk, Decimal(12)), (world.skus[1].pk, Decimal("2.5"))]


def test_order_repeat_adds_to_what_lies_in_the_cart(world: World, order: Order) -> None:
    repeat(world, order)
    repeat(world, order)

    assert lines() == [(world.skus[0].pk, Decimal(24)), (world.skus[1].pk, Decimal(5))]


def test_order_repeat_names_what_is_no_longer_sold(world: World, order: Order) -> None:
    Product.objects.filter(pk=world.skus[0].product_id).update(is_hidden=True)

    repeated = repeat(world, order)

    assert (repeated.added, repeated.left_out) == (1, ("Болт М8х40 (снято с продажи)",))
    assert lines() == [(world.skus[1].pk, Decimal("2.5"))]


def test_order_repeat_refuses_a_closed_contract(world: World, order: Order) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    with pytest.raises(services.ContractClosed):
        repeat(world, order)

    assert lines() == []


def test_order_repeat_does_not_know_foreign_orders(world: World, order: Order) -> None:
    with pytest.raises(Order.DoesNotExist):
        services.order_repeat(
            actor=actor_of(world.other_buyer),
            order_id=order.pk,
            contract_id=world.other_contract.pk,
            city_id=world.city.pk,
            at=AT,
        )

    assert lines() == []
