"""The smallest order that is taken: whose rule is in force, what the cart says, what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from catalog.models import City
from counterparties.models import Contract
from orders import services
from orders.models import Order, OrderMinimum
from orders.selectors.minimums import minimums_for
from tests.factories import World, make_cart, make_city
from tests.orders.past import cart_send


def rules(world: World, *kinds: str) -> None:
    """Rules named by how close they are, each with a sum of its own."""
    of_contract, of_city = {"contract": world.contract}, {"city": world.city}
    known: dict[str, dict[str, Any]] = {
        "both": {"amount": 4000, **of_contract, **of_city},
        "contract": {"amount": 3000, **of_contract},
        "city": {"amount": 2000, **of_city},
        "all": {"amount": 1000},
        "others": {"amount": 9000, "contract": world.other_contract, **of_city},
    }
    for kind in kinds:
        OrderMinimum.objects.create(**known[kind])


def minimum_for(contract: Contract, city: City) -> Decimal:
    where = (contract.pk, city.pk)
    return minimums_for({where})[where]


@pytest.mark.parametrize(
    ("kinds", "amount"),
    [
        (["both", "contract", "city", "all", "others"], 4000),
        (["contract", "city", "all", "others"], 3000),
        (["city", "all", "others"], 2000),
        (["all", "others"], 1000),
        (["others"], 0),
    ],
)
def test_closest_rule_is_in_force(
    world: World, kinds: list[str], amount: int, django_assert_num_queries: Any
) -> None:
    rules(world, *kinds)

    with django_assert_num_queries(1):
        found = minimum_for(world.contract, world.city)

    assert found == amount


def test_rule_of_nought_takes_the_common_one_away(world: World) -> None:
    rules(world, "all")
    OrderMinimum.objects.create(contract=world.contract, amount=0)

    assert minimum_for(world.contract, world.city) == 0
    assert minimum_for(world.contract, make_city("Казань")) == 0
    assert minimum_for(world.other_contract, world.city) == 1000


def test_two_rules_for_one_place_cannot_be(world: World) -> None:
    rules(world, "all")

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderMinimum.objects.create(amount=5)


@pytest.mark.parametrize("kind", ["both", "contract", "city", "all"])
def test_order_below_the_minimum_is_refused(world: World, kind: str) -> None:
    rules(world, kind)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    with pytest.raises(services.BelowMinimum, match="не хватает"):
        cart_send(cart)

    assert not Order.objects.exists()
    assert cart.lines.count() == 1


def test_order_of_exactly_the_minimum_goes(world: World) -> None:
    rules(world, "all")
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 10})

    assert cart_send(cart).total == Decimal(1000)


def test_cart_and_checkout_say_what_is_missing(world: World) -> None:
    rules(world, "all")
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    client = Client()
    client.force_login(world.buyer)

    page = client.get(reverse("orders:cart")).content.decode()
    checkout = client.get(reverse("orders:checkout"))

    assert "До минимальной суммы 1\N{NO-BREAK SPACE}000,00 ₽ не хватает 800,00 ₽" in page
    assert "Оформить заказ" not in page
    assert (checkout.status_code, checkout["Location"]) == (302, reverse("orders:cart"))


def test_administrator_sees_the_rules(world: World) -> None:
    rules(world, "both", "all")
    client = Client()
    client.force_login(world.administrator)

    page = client.get(reverse("admin:orders_orderminimum_changelist"))

    assert page.status_code == 200
    assert "все договоры" in page.content.decode()
