"""Orders that are sent at the same moment."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from catalog.models import Stock
from orders import services
from orders.models import Cart, CartLine, Order, OrderLine
from orders.selectors import cart_view
from orders.selectors.cart import CartView, PricedCart
from orders.services import submission
from orders.services.numbers import next_order_number
from orders.states import OrderState
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_person, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

LAST_PIECES = 5
BUYERS = 12


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def sending(cart: Cart, **changes: object) -> Callable[[], Order]:
    """What one click does, with a key of its own unless one is given."""
    arguments = {
        "actor": actor_of(cart.user),
        "cart_id": cart.pk,
        "delivery_address_id": None,
        "comment": "",
        "client_reference": "",
        "idempotency_key": uuid4(),
        "expected_total": cart_view(cart, on=TODAY).total.gross,
        "at": AT,
    }
    return partial(services.order_submit, **(arguments | changes))  # type: ignore[arg-type]


def carts_for_the_last_pieces(world: World) -> list[Callable[[], Order]]:
    """Twelve people, each with one bolt in the cart, and five bolts in all."""
    bolt = world.skus[0]
    Stock.objects.filter(sku=bolt, warehouse=world.main_warehouse).update(free=LAST_PIECES)
    Stock.objects.filter(sku=bolt, warehouse=world.second_warehouse).update(free=0)
    return [
        sending(make_cart(make_person(world.holding), world.contract, world.city, {bolt: 1}))
        for _number in range(BUYERS)
    ]


def reserved(world: World) -> Decimal:
    return Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse).reserved


def test_one_key_sent_sixteen_times_makes_one_order(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    outcomes = crowd([sending(cart, idempotency_key=uuid4())] * 16)

    order = Order.objects.get()
    assert outcomes == [order] * 16
    assert reserved(world) == 2
    assert OrderLine.objects.count() == 1


def test_one_key_used_for_two_carts_makes_one_order(world: World) -> None:
    key = uuid4()
    acts = [
        sending(make_cart(make_person(world.holding), world.contract, world.city, {world.skus[0]: 1}))
        for _number in range(8)
    ]

    outcomes = crowd([partial(act, idempotency_key=key) for act in acts])  # type: ignore[call-arg]

    order = Order.objects.get()
    assert [outcome for outcome in outcomes if isinstance(outcome, Order)] == [order]
    assert {type(outcome) for outcome in outcomes if outcome != order} == {services.IdempotencyConflict}
    assert reserved(world) == 1


def test_the_last_pieces_are_sold_once(world: World) -> None:
    outcomes = crowd(carts_for_the_last_pieces(world))

    sold = [outcome for outcome in outcomes if isinstance(outcome, Order)]
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Order)]
    assert (len(sold), len(refused)) == (LAST_PIECES, BUYERS - LAST_PIECES)
    assert {type(refusal) for refusal in refused} == {services.StockShort}
    assert reserved(world) == LAST_PIECES
    assert len({order.number for order in sold}) == LAST_PIECES


def test_the_last_pieces_are_oversold_without_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the test above can fail."""

    def read_only(*, sku_ids: list[int], city_id: int) -> list[Stock]:
        rows = list(Stock.objects.filter(sku_id__in=sku_ids).order_by("pk"))
        return [row for row in rows if row.warehouse.serves.filter(city_id=city_id).exists()]

    look = PricedCart.view

    def slowly(priced: PricedCart) -> CartView:
        view = look(priced)
        time.sleep(0.5)  # everybody has looked before anybody writes
        return view

    monkeypatch.setattr(submission, "lock_stock", read_only)
    monkeypatch.setattr(PricedCart, "view", slowly)

    outcomes = crowd(carts_for_the_last_pieces(world))

    sold = [outcome for outcome in outcomes if isinstance(outcome, Order)]
    assert len(sold) > LAST_PIECES
    assert reserved(world) > LAST_PIECES


def test_the_lock_holds_however_slow_the_rest_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same delay as in the negative control, with the lock in place."""

    look = PricedCart.view

    def slowly(priced: PricedCart) -> CartView:
        view = look(priced)
        time.sleep(0.05)
        return view

    monkeypatch.setattr(PricedCart, "view", slowly)

    outcomes = crowd(carts_for_the_last_pieces(world))

    assert sum(isinstance(outcome, Order) for outcome in outcomes) == LAST_PIECES
    assert reserved(world) == LAST_PIECES


def test_carts_with_opposite_lines_do_not_deadlock(world: World) -> None:
    Stock.objects.update(free=1000)
    there, back = list(world.skus), list(reversed(world.skus))
    acts = [
        sending(
            make_cart(
                make_person(world.holding),
                world.contract,
                world.city,
                dict.fromkeys(there if number % 2 else back, 1),
            )
        )
        for number in range(16)
    ]

    outcomes = crowd(acts)

    assert [type(outcome) for outcome in outcomes] == [Order] * 16
    assert reserved(world) == 16


def test_order_numbers_are_unique_under_threads(world: World) -> None:
    def ten() -> list[str]:
        return [next_order_number() for _number in range(10)]

    outcomes = crowd([ten] * 12)

    numbers = [number for outcome in outcomes for number in outcome]  # type: ignore[union-attr]
    assert len(set(numbers)) == 120


def test_first_clicks_at_once_meet_in_one_cart(world: World) -> None:
    add = partial(
        services.cart_add,
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        sku_id=world.skus[0].pk,
        quantity=Decimal(1),
        at=AT,
    )

    outcomes = crowd([add] * 12)

    assert {type(outcome) for outcome in outcomes} == {CartLine}
    assert Cart.objects.count() == 1
    assert CartLine.objects.get().quantity == 12


def test_confirming_and_cancelling_at_once_ends_cancelled_and_frees_once(world: World) -> None:
    """A confirmed order may be given up until 1C takes it; one that was given up is confirmed no more."""
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})
    order = sending(cart)()
    confirm = partial(services.order_confirm, order_id=order.pk, actor=None, at=AT)
    cancel = partial(services.order_cancel, order_id=order.pk, actor=actor_of(world.buyer), at=AT)

    outcomes = crowd([confirm, cancel] * 4)

    states = [outcome.state for outcome in outcomes if isinstance(outcome, Order)]
    assert sorted(states) in (["cancelled"], ["cancelled", "confirmed"])
    assert {type(one) for one in outcomes if not isinstance(one, Order)} == {services.WrongState}
    order.refresh_from_db()
    assert (order.state, reserved(world)) == (OrderState.CANCELLED, 0)


def test_parts_accepted_twice_at_once_leave_the_stock_once(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})
    order = sending(cart)()
    parts = [part.pk for part in order.parts.all()]

    outcomes = crowd([partial(services.part_accepted, part_ids=parts, at=AT)] * 6)

    assert sorted(outcomes, key=len) == [[], [], [], [], [], parts]  # type: ignore[arg-type]
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (7, 0)
