"""One cart shared out to delivery points: a saved cart for each, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.models import Contract, DeliveryAddress, LegalEntity
from orders.models import Cart, CartLine
from orders.refusals import CartChanged, NothingShared, WrongQuantity
from orders.services.distribution import Destination, cart_distribute
from tests.factories import (
    AT,
    World,
    actor_of,
    make_address,
    make_cart,
    make_contract,
    make_legal_entity,
)

LATER = AT + timedelta(minutes=1)
QUERIES = 20


@pytest.fixture
def cart(world: World) -> Cart:
    return make_cart(world.head, world.contract, world.city, {world.skus[0]: 6, world.skus[1]: 4})


@pytest.fixture
def second(world: World) -> tuple[LegalEntity, Contract, DeliveryAddress]:
    """Another legal entity of the same holding with a shop of its own."""
    entity = make_legal_entity(world.holding, name="ООО «Север-Розница»")
    contract = make_contract(entity, organization=world.organization)
    return entity, contract, make_address(entity, city=world.city)


def first_place(world: World) -> Destination:
    return Destination(world.entity.pk, world.contract.pk, world.city.pk, world.address.pk)


def second_place(world: World, second: tuple[LegalEntity, Contract, DeliveryAddress]) -> Destination:
    entity, contract, address = second
    return Destination(entity.pk, contract.pk, world.city.pk, address.pk)


def test_each_destination_gets_a_saved_cart_and_the_source_stays(
    world: World, cart: Cart, second: tuple[LegalEntity, Contract, DeliveryAddress]
) -> None:
    made = cart_distribute(
        actor=actor_of(world.head),
        cart_id=cart.pk,
        shares={
            first_place(world): {world.skus[0].pk: Decimal(2)},
            second_place(world, second): {world.skus[0].pk: Decimal(4), world.skus[1].pk: Decimal("1.5")},
        },
        seen_at=cart.updated_at,
        at=LATER,
    )

    saved = Cart.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")
    assert [(one.legal_entity_id, one.delivery_address_id, one.is_current) for one in saved] == [
        (world.entity.pk, world.address.pk, False),
        (second[0].pk, second[2].pk, False),
    ]
    lines = CartLine.objects.exclude(cart=cart).order_by("cart_id", "sku_id")
    assert list(lines.values_list("sku_id", "quantity")) == [
        (world.skus[0].pk, Decimal(2)),
        (world.skus[0].pk, Decimal(4)),
        (world.skus[1].pk, Decimal("1.5")),
    ]
    assert cart.lines.count() == 2


def test_second_click_makes_nothing(world: World, cart: Cart) -> None:
    shares = {first_place(world): {world.skus[0].pk: Decimal(2)}}
    actor = actor_of(world.head)
    cart_distribute(actor=actor, cart_id=cart.pk, shares=shares, seen_at=cart.updated_at, at=LATER)

    with pytest.raises(CartChanged):
        cart_distribute(actor=actor, cart_id=cart.pk, shares=shares, seen_at=cart.updated_at, at=LATER)

    assert Cart.objects.count() == 2


def test_refusals_make_nothing(world: World, cart: Cart) -> None:
    whole, foreign = world.skus[0].pk, world.skus[2].pk
    there = first_place(world)
    other = Destination(world.other_entity.pk, world.other_contract.pk, world.city.pk, None)
    strange = Destination(world.entity.pk, world.contract.pk, world.city.pk, world.address.pk + 999)

    def attempt(shares: dict[Destination, dict[int, Decimal]]) -> None:
        cart_distribute(
            actor=actor_of(world.head), cart_id=cart.pk, shares=shares, seen_at=cart.updated_at, at=LATER
        )

    with pytest.raises(NothingShared):
        attempt({there: {}})
    with pytest.raises(WrongQuantity):
        attempt({there: {whole: Decimal("2.5")}})
    with pytest.raises(type(world.skus[0]).DoesNotExist):
        attempt({there: {foreign: Decimal(1)}})
    with pytest.raises(Contract.DoesNotExist):
        attempt({other: {whole: Decimal(1)}})
    with pytest.raises(DeliveryAddress.DoesNotExist):
        attempt({strange: {whole: Decimal(1)}})
    with pytest.raises(Cart.DoesNotExist):
        cart_distribute(
            actor=actor_of(world.other_buyer),
            cart_id=cart.pk,
            shares={there: {whole: Decimal(1)}},
            seen_at=cart.updated_at,
            at=LATER,
        )

    assert Cart.objects.count() == 1


@pytest.mark.parametrize("points", [1, 3])
def test_queries_do_not_grow_with_destinations(
    world: World, cart: Cart, points: int, django_assert_num_queries: object
) -> None:
    shares = {
        Destination(
            world.entity.pk, world.contract.pk, world.city.pk, make_address(world.entity, city=world.city).pk
        ): {world.skus[0].pk: Decimal(1)}
        for _point in range(points)
    }
    actor = actor_of(world.head)

    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        cart_distribute(actor=actor, cart_id=cart.pk, shares=shares, seen_at=cart.updated_at, at=LATER)


def test_page_shares_out_and_keeps_what_was_wrong(
    world: World, cart: Cart, second: tuple[LegalEntity, Contract, DeliveryAddress]
) -> None:
    client = Client()
    client.force_login(world.head)
    url = reverse("orders:distribute", args=[cart.pk])
    page = client.get(url).content.decode()
    one, two = f"{world.entity.pk}.{world.address.pk}", f"{second[0].pk}.{second[2].pk}"
    whole, metres = world.skus[0].pk, world.skus[1].pk
    form = {"seen": cart.updated_at.isoformat(), "to": [one, two], f"q-{whole}-{one}": "2,5"}

    wrong = client.post(url, form)
    right = client.post(url, form | {f"q-{whole}-{one}": "2", f"q-{metres}-{two}": "2,5"})

    assert [f'name="q-{whole}-{one}"' in page, f'name="q-{metres}-{two}"' in page] == [True, True]
    assert (wrong.status_code, 'value="2,5"' in wrong.content.decode()) == (422, True)
    assert right.status_code == 302
    assert list(
        CartLine.objects.exclude(cart=cart)
        .order_by("cart__legal_entity")
        .values_list("cart__legal_entity", "quantity")
    ) == [(world.entity.pk, Decimal(2)), (second[0].pk, Decimal("2.5"))]


def test_foreign_cart_is_not_found_and_reader_is_refused(world: World, cart: Cart) -> None:
    client = Client()
    client.force_login(world.other_buyer)

    answers = [
        client.get(reverse("orders:distribute", args=[cart.pk])).status_code,
        client.post(reverse("orders:distribute", args=[cart.pk]), {}).status_code,
    ]

    assert answers == [404, 404]


def test_words_of_a_line_go_with_every_share(
    world: World, cart: Cart, second: tuple[LegalEntity, Contract, DeliveryAddress]
) -> None:
    cart.lines.update(client_reference="17", comment="Синий")
    places = (first_place(world), second_place(world, second))

    made = cart_distribute(
        actor=actor_of(world.head),
        cart_id=cart.pk,
        shares={place: {world.skus[0].pk: Decimal(3)} for place in places},
        seen_at=cart.updated_at,
        at=LATER,
    )

    words = CartLine.objects.filter(cart__in=made).values_list("client_reference", "comment")
    assert list(words) == [("17", "Синий")] * 2
