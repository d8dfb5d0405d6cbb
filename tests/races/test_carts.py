"""Lines that go between two carts at the same moment, and what a fault half way leaves."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from time import sleep

import pytest
from django.db import OperationalError, transaction

from counterparties.actor import Actor
from orders.models import Cart, CartLine
from orders.refusals import NothingChosen
from orders.services import cart_add, cart_moves
from orders.services.cart_moves import Moved, cart_merge, lines_move
from orders.services.cart_places import cart_duplicate
from orders.services.cart_puts import cart_update
from orders.services.saved import cart_choose
from tests.factories import AT, World, actor_of, make_cart, make_contract, make_legal_entity, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 8


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def carts(world: World) -> tuple[Cart, Cart]:
    """Two carts of a person with the same three goods, one of each."""
    first = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus, 1))
    Cart.objects.filter(pk=first.pk).update(is_current=False)
    second = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus, 1))
    return first, second


def total() -> Decimal:
    return sum((line.quantity for line in CartLine.objects.all()), Decimal(0))


def moving(actor: Actor, source: Cart, target: Cart) -> partial[Moved]:
    return partial(
        lines_move,
        actor=actor,
        cart_id=source.pk,
        line_ids=list(source.lines.values_list("pk", flat=True)),
        target_id=target.pk,
        is_copy=False,
        at=AT,
    )


def test_lines_moved_both_ways_at_once_are_neither_lost_nor_doubled(
    world: World, carts: tuple[Cart, Cart]
) -> None:
    actor, (first, second) = actor_of(world.buyer), carts

    outcomes = crowd([moving(actor, first, second), moving(actor, second, first)] * TIMES)

    assert {type(outcome) for outcome in outcomes} <= {Moved, NothingChosen}
    assert total() == 6


def test_lines_moved_both_ways_without_the_order_of_locks_meet_each_other(
    world: World, carts: tuple[Cart, Cart], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: locked as they are named, the two wait for each other."""

    def as_named(_actor: Actor, cart_ids: list[int], *, is_changed: bool = True) -> list[Cart]:
        found = []
        for pk in cart_ids:
            found.append(Cart.objects.select_for_update(of=("self",)).get(pk=pk))
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")
        return found

    monkeypatch.setattr(cart_moves, "carts_locked", as_named)
    actor, (first, second) = actor_of(world.buyer), carts

    outcomes = crowd([moving(actor, first, second), moving(actor, second, first)])

    assert OperationalError in {type(outcome) for outcome in outcomes}


@pytest.mark.parametrize("is_removed", [True, False])
def test_goods_do_not_go_into_a_cart_that_was_put_aside_meanwhile(
    world: World, carts: tuple[Cart, Cart], is_removed: bool
) -> None:
    current = carts[1]
    place = {"legal_entity_id": world.entity.pk, "contract_id": world.contract.pk, "city_id": world.city.pk}
    adding = partial(
        cart_add, actor=actor_of(world.buyer), sku_id=world.skus[0].pk, quantity=Decimal(7), at=AT, **place
    )

    with ThreadPoolExecutor(max_workers=1) as thread:
        with transaction.atomic():
            Cart.objects.select_for_update(of=("self",)).get(pk=current.pk)
            waiting = thread.submit(crowd, [adding])
            sleep(1)  # it has found the cart and waits for the lock
            if is_removed:
                current.delete()
            else:
                Cart.objects.filter(pk=current.pk).update(is_current=False)
        (line,) = waiting.result(timeout=30)

    assert isinstance(line, CartLine)
    assert (line.cart.is_current, line.cart_id in {cart.pk for cart in carts}) == (True, False)
    assert line.quantity == 7


def test_cart_is_taken_up_while_a_first_good_makes_another_one(
    world: World, carts: tuple[Cart, Cart]
) -> None:
    saved, current = carts
    current.delete()
    choosing = partial(cart_choose, actor=actor_of(world.buyer), cart_id=saved.pk, at=AT)

    with ThreadPoolExecutor(max_workers=1) as thread:
        with transaction.atomic():
            fresh = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
            waiting = thread.submit(crowd, [choosing])
            sleep(1)  # it has found no current cart and waits for the unique key
        (chosen,) = waiting.result(timeout=30)

    assert isinstance(chosen, Cart)
    assert dict(Cart.objects.values_list("pk", "is_current")) == {saved.pk: True, fresh.pk: False}


def test_merging_both_ways_at_once_keeps_all_goods(world: World, carts: tuple[Cart, Cart]) -> None:
    actor, (first, second) = actor_of(world.buyer), carts
    there = partial(cart_merge, actor=actor, cart_id=first.pk, target_id=second.pk, at=AT)
    back = partial(cart_merge, actor=actor, cart_id=second.pk, target_id=first.pk, at=AT)

    outcomes = crowd([there, back] * TIMES)

    assert {type(outcome) for outcome in outcomes} <= {Moved, Cart.DoesNotExist}
    assert total() == 6


def _fail(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("power is gone")


def test_a_fault_while_lines_move_leaves_both_carts_as_they_were(
    world: World, carts: tuple[Cart, Cart], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cart_moves, "cart_touch", _fail)
    first, second = carts

    with pytest.raises(RuntimeError):
        moving(actor_of(world.buyer), first, second)()

    assert [cart.lines.count() for cart in carts] == [3, 3]
    assert set(CartLine.objects.values_list("quantity", flat=True)) == {1}


def test_a_fault_while_a_saved_cart_is_renewed_keeps_it(
    world: World, carts: tuple[Cart, Cart], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, current = carts
    saved.refresh_from_db()
    current.lines.first().delete()  # type: ignore[union-attr]
    monkeypatch.setattr("orders.services.cart_puts.cart_touch", _fail)

    with pytest.raises(RuntimeError):
        cart_update(
            actor=actor_of(world.buyer),
            cart_id=saved.pk,
            source_id=current.pk,
            seen_at=(saved.updated_at, current.updated_at),
            at=AT,
        )

    assert saved.lines.count() == 3


def test_a_fault_at_the_second_legal_entity_makes_no_cart(world: World, carts: tuple[Cart, Cart]) -> None:
    second = make_contract(make_legal_entity(world.holding))
    places = [(second.legal_entity_id, second.pk), (world.entity.pk, 10**9)]

    with pytest.raises(type(second).DoesNotExist):
        cart_duplicate(actor=actor_of(world.buyer), cart_id=carts[0].pk, places=places, at=AT)

    assert Cart.objects.count() == 2
