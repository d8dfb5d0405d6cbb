"""Gathering goods."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import City, Sku
from counterparties.actor import AccessDenied
from counterparties.models import Contract, ContractState, ExpiredContract, Organization
from counterparties.permissions import ReadyRole
from orders import services
from orders.models import Cart, CartLine
from tests.factories import AT, World, actor_of, make_cart, make_person, make_sku


def add(world: World, sku: Sku, quantity: str, **changes: object) -> CartLine:
    arguments: dict[str, object] = {
        "actor": actor_of(world.buyer),
        "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk,
        "city_id": world.city.pk,
        "sku_id": sku.pk,
        "quantity": Decimal(quantity),
        "at": AT,
    }
    return services.cart_add(**(arguments | changes))  # type: ignore[arg-type]


def lines() -> list[tuple[int, Decimal]]:
    return list(CartLine.objects.order_by("pk").values_list("sku_id", "quantity"))


def test_cart_add_makes_the_current_cart(world: World) -> None:
    line = add(world, world.skus[0], "3")

    cart = Cart.objects.get()
    assert line.cart == cart
    assert (cart.user, cart.legal_entity, cart.contract, cart.city, cart.is_current, cart.updated_at) == (
        world.buyer,
        world.entity,
        world.contract,
        world.city,
        True,
        AT,
    )
    assert lines() == [(world.skus[0].pk, Decimal(3))]


def test_cart_add_sums_quantities_of_one_good(world: World) -> None:
    add(world, world.skus[1], "1.5")

    add(world, world.skus[1], "2.25")

    assert lines() == [(world.skus[1].pk, Decimal("3.75"))]


@pytest.mark.parametrize("quantity", ["0", "-1", "2.5", "100000000000000000000"])
def test_cart_add_refuses_a_wrong_quantity_of_pieces(world: World, quantity: str) -> None:
    with pytest.raises(services.WrongQuantity):
        add(world, world.skus[0], quantity)

    assert Cart.objects.count() == 0


def test_cart_add_refuses_a_sum_that_is_too_large(world: World) -> None:
    add(world, world.skus[0], "99999999")

    with pytest.raises(services.WrongQuantity):
        add(world, world.skus[0], "1")

    assert lines() == [(world.skus[0].pk, Decimal(99_999_999))]


@pytest.mark.parametrize("hidden", ["sku", "product"])
def test_cart_add_refuses_what_is_not_sold(world: World, hidden: str) -> None:
    sku = make_sku("Старый болт", is_hidden=hidden == "sku")
    sku.product.is_hidden = hidden == "product"
    sku.product.save()

    with pytest.raises(services.SkuNotOnSale, match="Старый болт"):
        add(world, sku, "1")

    assert Cart.objects.count() == 0


@pytest.mark.parametrize(
    "terms",
    [
        {"state": ContractState.CLOSED},
        {"valid_until": date(2026, 11, 22)},
        {"date": date(2026, 11, 24)},
    ],
)
def test_cart_add_refuses_a_contract_that_is_not_open(world: World, terms: dict[str, object]) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(**terms)
    Organization.objects.update(expired_contract=ExpiredContract.BLOCK)

    with pytest.raises(services.ContractClosed):
        add(world, world.skus[0], "1")

    assert Cart.objects.count() == 0


def test_cart_add_works_on_the_contracts_last_day(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=AT.date())

    add(world, world.skus[0], "1")

    assert lines() == [(world.skus[0].pk, Decimal(1))]


def test_cart_add_does_not_know_a_foreign_contract(world: World) -> None:
    with pytest.raises(Contract.DoesNotExist):
        add(
            world,
            world.skus[0],
            "1",
            legal_entity_id=world.other_entity.pk,
            contract_id=world.other_contract.pk,
        )
    with pytest.raises(Contract.DoesNotExist):
        add(world, world.skus[0], "1", contract_id=world.other_contract.pk)

    assert Cart.objects.count() == 0


def test_cart_add_does_not_know_a_city_that_is_not_served(world: World) -> None:
    City.objects.filter(pk=world.city.pk).update(is_active=False)

    with pytest.raises(City.DoesNotExist):
        add(world, world.skus[0], "1")


@pytest.mark.parametrize("role", [ReadyRole.ACCOUNTANT, ReadyRole.RECEIVER, ReadyRole.VIEWER])
def test_cart_add_needs_the_right_to_gather(world: World, role: str) -> None:
    person = make_person(world.holding, role)

    with pytest.raises(AccessDenied):
        add(world, world.skus[0], "1", actor=actor_of(person))

    assert Cart.objects.count() == 0


def test_cart_line_set_replaces_the_quantity(world: World) -> None:
    line = add(world, world.skus[0], "3")

    services.cart_line_set(actor=actor_of(world.buyer), line_id=line.pk, quantity=Decimal(7), at=AT)

    assert lines() == [(world.skus[0].pk, Decimal(7))]


def test_cart_line_set_refuses_half_a_piece(world: World) -> None:
    line = add(world, world.skus[0], "3")

    with pytest.raises(services.WrongQuantity, match="Заказать 2 или 3"):
        services.cart_line_set(actor=actor_of(world.buyer), line_id=line.pk, quantity=Decimal("2.5"), at=AT)

    assert lines() == [(world.skus[0].pk, Decimal(3))]


@pytest.mark.parametrize("stranger", ["other_buyer", "head"])
def test_lines_of_another_person_do_not_exist(world: World, stranger: str) -> None:
    line = add(world, world.skus[0], "3")
    actor = actor_of(getattr(world, stranger))

    with pytest.raises(CartLine.DoesNotExist):
        services.cart_line_set(actor=actor, line_id=line.pk, quantity=Decimal(1), at=AT)
    with pytest.raises(CartLine.DoesNotExist):
        services.cart_line_remove(actor=actor, line_id=line.pk, at=AT)
    with pytest.raises(Cart.DoesNotExist):
        services.cart_clear(actor=actor, cart_id=line.cart_id, at=AT)

    assert lines() == [(world.skus[0].pk, Decimal(3))]


def test_cart_line_remove_leaves_the_other_lines(world: World) -> None:
    line = add(world, world.skus[0], "3")
    add(world, world.skus[1], "2")

    services.cart_line_remove(actor=actor_of(world.buyer), line_id=line.pk, at=AT)

    assert lines() == [(world.skus[1].pk, Decimal(2))]


def test_cart_clear_empties_only_this_cart(world: World) -> None:
    line = add(world, world.skus[0], "3")
    make_cart(world.head, world.contract, world.city, {world.skus[1]: 2})

    services.cart_clear(actor=actor_of(world.buyer), cart_id=line.cart_id, at=AT)

    assert lines() == [(world.skus[1].pk, Decimal(2))]
