"""Orders and carts at the very moment when their legal entity or holding is merged."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist

from counterparties.models import Contract, LegalEntity, MergeRecord
from counterparties.services import merging
from counterparties.services.merging import entities_merge, holdings_merge
from orders import services
from orders.models import Cart, CartLine, Order
from orders.selectors import cart_view
from orders.selectors.cart import CartView, PricedCart
from orders.services import submission
from tests.counterparties.merging_samples import strays
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_legal_entity,
    make_person,
    make_world,
)
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 4


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def double(world: World) -> LegalEntity:
    entity = make_legal_entity(world.holding, inn=world.entity.inn)
    make_contract(entity, organization=world.organization)
    return entity


def sending(cart: Cart) -> Callable[[], object]:
    return partial(
        services.order_submit,
        actor=actor_of(cart.user),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )


def merging_entities(world: World, double: LegalEntity) -> Callable[[], object]:
    return partial(
        entities_merge,
        actor=actor_of(world.administrator),
        source_id=double.pk,
        target_id=world.entity.pk,
        requisites_from_source=[],
        fates={},
        reason="Дубль",
        at=AT,
    )


def merging_clients(world: World) -> Callable[[], object]:
    return partial(
        holdings_merge,
        actor=actor_of(world.administrator),
        source_id=world.other_holding.pk,
        target_id=world.holding.pk,
        reason="Один владелец",
        at=AT,
    )


def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Submitting looks at the cart for a while, so that the merge comes in between."""

    look = PricedCart.view

    def view(priced: PricedCart) -> CartView:
        seen = look(priced)
        time.sleep(0.3)
        return seen

    monkeypatch.setattr(PricedCart, "view", view)


def pieces() -> Decimal:
    """What lies in carts and what was ordered: one bolt for each buyer, wherever it is."""
    ordered = sum(line.quantity for order in Order.objects.all() for line in lines_of(order))
    return ordered + sum(CartLine.objects.values_list("quantity", flat=True))


def lines_of(order: Order) -> list[CartLine]:
    return [line for part in order.parts.all() for line in part.lines.all()]


def test_orders_sent_during_a_merge_of_legal_entities_are_all_the_survivors(
    world: World, double: LegalEntity, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = double.contracts.get()
    people = [make_person(world.holding) for _number in range(BUYERS)]
    acts = [sending(make_cart(one, contract, world.city, {world.skus[0]: 1})) for one in people]
    slowly(monkeypatch)

    outcomes = crowd([*acts, merging_entities(world, double)])

    assert isinstance(outcomes[-1], MergeRecord)
    assert all(isinstance(one, Order | ObjectDoesNotExist) for one in outcomes[:-1])
    assert (strays(), pieces()) == ([], BUYERS)


def test_orders_sent_during_a_merge_of_clients_are_all_the_survivors(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = clients_and_orders(world, monkeypatch)

    assert isinstance(outcomes[-1], MergeRecord)
    assert (strays(), pieces()) == ([], BUYERS)


def test_without_the_gate_an_order_goes_to_the_closed_client(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the race is real."""
    monkeypatch.setattr(submission, "parties_hold", lambda: None)

    outcomes = clients_and_orders(world, monkeypatch)

    assert isinstance(outcomes[-1], MergeRecord)
    assert strays() != []


def clients_and_orders(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    people = [make_person(world.other_holding) for _number in range(BUYERS)]
    acts = [sending(make_cart(one, world.other_contract, world.city, {world.skus[0]: 1})) for one in people]
    slowly(monkeypatch)

    return crowd([*acts, merging_clients(world)])


def test_carts_begun_during_a_merge_are_not_left_behind(
    world: World, double: LegalEntity, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = double.contracts.get()
    opened = Contract.is_open_on

    def slow_check(contract: Contract, day: date) -> bool:
        time.sleep(0.3)
        return opened(contract, day)

    monkeypatch.setattr(Contract, "is_open_on", slow_check)
    adding = [
        partial(
            services.cart_add,
            actor=actor_of(make_person(world.holding)),
            legal_entity_id=double.pk,
            contract_id=contract.pk,
            city_id=world.city.pk,
            sku_id=world.skus[0].pk,
            quantity=Decimal(1),
            at=AT,
        )
        for _number in range(BUYERS)
    ]

    outcomes = crowd([*adding, merging_entities(world, double)])

    added = [one for one in outcomes if isinstance(one, CartLine)]
    assert isinstance(outcomes[-1], MergeRecord)
    assert CartLine.objects.count() == len(added)
    assert strays() == []


def test_two_merges_of_the_same_legal_entity_make_one(world: World, double: LegalEntity) -> None:
    outcomes = crowd([merging_entities(world, double)] * 3)

    assert [type(one) for one in outcomes].count(MergeRecord) == 1
    refused = [one for one in outcomes if not isinstance(one, MergeRecord)]
    assert {type(one) for one in refused} == {merging.AlreadyMerged}


def test_merges_towards_one_another_do_not_deadlock(world: World, double: LegalEntity) -> None:
    there = merging_entities(world, double)
    back = partial(there, source_id=world.entity.pk, target_id=double.pk)  # type: ignore[call-arg]

    outcomes = crowd([there, back] * 2)

    assert [type(one) for one in outcomes].count(MergeRecord) == 1
    assert LegalEntity.objects.in_use().filter(holding=world.holding).count() == 1
