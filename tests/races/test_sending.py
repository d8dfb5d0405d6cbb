"""One click that comes many times: suite S5 in small."""

import time
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from catalog.models import Stock
from orders.models import Order
from orders.selectors import cart_view
from orders.selectors.cart import CartView, PricedCart
from orders.services import order_submit, submission
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_person, make_world
from tests.races.crowd import crowd
from tests.races.sending_race import CHECKOUT, browser, form_of, sent_at_once, told

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = 3


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    Stock.objects.update(free=1000)
    return world


def test_each_key_makes_one_order_and_all_answers_are_the_same(world: World) -> None:
    answers = sent_at_once(world, keys=KEYS)

    assert Order.objects.count() == KEYS
    assert [len({told(one) for one in each}) for each in answers] == [1] * KEYS
    assert {told(one)[0] for each in answers for one in each} == {302}


def test_key_with_other_content_is_422(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    client = browser(world.buyer)
    form = form_of(client)
    client.post(CHECKOUT, form)

    answer = client.post(CHECKOUT, form | {"client_reference": "PO-2"})

    assert (answer.status_code, Order.objects.count()) == (422, 1)


def test_keys_are_doubled_without_the_constraint(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: one key, two carts, everybody has looked before anybody writes."""

    look = PricedCart.view

    def slowly(priced: PricedCart) -> CartView:
        view = look(priced)
        time.sleep(0.5)
        return view

    monkeypatch.setattr(PricedCart, "view", slowly)
    monkeypatch.setattr(submission, "lock_stock", lambda **_places: list(Stock.objects.all()))
    key, acts = uuid4(), []
    for _number in range(2):
        person = make_person(world.holding)
        cart = make_cart(person, world.contract, world.city, {world.skus[0]: 1})
        acts.append(
            partial(
                order_submit,
                actor=actor_of(person),
                cart_id=cart.pk,
                delivery_address_id=None,
                comment="",
                client_reference="",
                idempotency_key=key,
                expected_total=cart_view(cart, on=TODAY).total.gross,
                at=AT,
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = 'orders_order'::regclass"
            " AND pg_get_constraintdef(oid) = 'UNIQUE (idempotency_key)'"
        )
        ((name,),) = cursor.fetchall()
        cursor.execute(f'ALTER TABLE orders_order DROP CONSTRAINT "{name}"')
        try:
            crowd(acts)
            assert Order.objects.filter(idempotency_key=key).count() == 2
        finally:
            cursor.execute("TRUNCATE orders_order CASCADE")
            cursor.execute(f'ALTER TABLE orders_order ADD CONSTRAINT "{name}" UNIQUE (idempotency_key)')
