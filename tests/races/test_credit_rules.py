"""A credit line that only warns, a block rule that stops by its limit, and orders sent at the same moment."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from finance.models import CreditOverride, Reservation
from finance.selectors.blocks import order_decision
from finance.states import BlockAction, BlockCondition, CreditMode, PaymentTerms
from orders import services
from orders.models import Order
from orders.refusals import OrderBlocked
from orders.services import credit_hold, submission
from orders.states import OrderState
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_person, make_sku, make_world
from tests.finance.debts import make_debt
from tests.money import credit_of, make_line, make_rule
from tests.orders.past import cart_send
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

FITS, WANT, EACH = 2, 5, Decimal(100)

Way = Callable[[World], list[Callable[[], Order]]]


@pytest.fixture
def world(transactional_db: None) -> World:
    """Orders are taken to work at once; the line has room for two of them and lets all of them pass."""
    world = make_world()
    world.organization.confirms_orders_itself = True
    world.organization.save(update_fields=["confirms_orders_itself"])
    return world


def limit(world: World, action: BlockAction = BlockAction.BLOCK) -> None:
    make_line(world.holding, EACH * FITS, mode=CreditMode.WARN)
    make_rule(BlockCondition.LIMIT, action, name="Лимит")


def sending(world: World) -> list[Callable[[], Order]]:
    """Each orders a good of his own: nobody waits for another's stock."""
    skus = [make_sku(price=EACH, stock={world.main_warehouse: 10}) for _number in range(WANT)]
    return [
        partial(cart_send, make_cart(make_person(world.holding), world.contract, world.city, {sku: 1}))
        for sku in skus
    ]


def approving(world: World) -> list[Callable[[], Order]]:
    """The same orders were sent before and wait for a colleague."""
    orders = [send() for send in sending(world)]
    Reservation.objects.all().delete()
    Order.objects.update(state=OrderState.ON_APPROVAL, confirmed_at=None, payment_terms=PaymentTerms.CREDIT)
    actor = actor_of(world.head)
    return [partial(services.order_approve, order_id=order.pk, actor=actor, at=AT) for order in orders]


def slowly(seconds: float) -> Callable[..., Any]:
    """Everybody has been let through before anybody holds his sum."""

    def decide(**asked: Any) -> Any:
        decision = order_decision(**asked)
        time.sleep(seconds)
        return decision

    return decide


WAYS = pytest.mark.parametrize("way", [sending, approving])


@WAYS
def test_only_so_many_pass_a_rule_as_fit_a_line_that_warns(world: World, way: Way) -> None:
    acts = way(world)
    limit(world)

    outcomes = crowd(acts)

    refused = [outcome for outcome in outcomes if not isinstance(outcome, Order)]
    assert [type(refusal) for refusal in refused] == [OrderBlocked] * (WANT - FITS)
    assert credit_of(world.contract).available == 0
    assert Order.objects.filter(state=OrderState.CONFIRMED).count() == FITS


@WAYS
def test_all_pass_a_rule_without_the_lock(
    world: World, way: Way, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the tests around it can fail."""
    acts = way(world)
    limit(world)
    settings.TEST_SKIP_LOCKS = True
    monkeypatch.setattr(submission, "order_decision", slowly(0.5))
    monkeypatch.setattr(credit_hold, "order_decision", slowly(0.5))

    crowd(acts)

    assert credit_of(world.contract).available < 0
    assert Order.objects.filter(state=OrderState.CONFIRMED).count() > FITS


@WAYS
def test_the_lock_holds_a_rule_however_slow_the_rest_is(
    world: World, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = way(world)
    limit(world)
    monkeypatch.setattr(submission, "order_decision", slowly(0.05))
    monkeypatch.setattr(credit_hold, "order_decision", slowly(0.05))

    crowd(acts)

    assert credit_of(world.contract).available == 0
    assert Order.objects.filter(state=OrderState.CONFIRMED).count() == FITS


def test_a_rule_that_holds_leaves_to_a_manager_what_does_not_fit(world: World) -> None:
    acts = sending(world)
    limit(world, BlockAction.HOLD)

    crowd(acts)

    assert Order.objects.filter(state=OrderState.CONFIRMED).count() == FITS
    assert Order.objects.filter(state=OrderState.ON_HOLD).count() == WANT - FITS


def test_only_so_many_pass_a_rule_as_a_permission_has_the_sum_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody has been let through before anybody takes his sum of it."""
    acts = sending(world)
    make_rule()
    make_debt(world.contract, 500)
    permission = CreditOverride.objects.create(
        contract=world.contract, valid_until=TODAY, amount=EACH * FITS, reason="Ждем платеж",
        author=world.administrator, created_at=AT,
    )  # fmt: skip
    monkeypatch.setattr(submission, "order_decision", slowly(0.5))

    outcomes = crowd(acts)

    refused = [outcome for outcome in outcomes if not isinstance(outcome, Order)]
    assert [type(refusal) for refusal in refused] == [OrderBlocked] * (WANT - FITS)
    permission.refresh_from_db()
    assert (permission.used, Order.objects.count()) == (EACH * FITS, FITS)
