"""Requests for shipment, changes and 1C's papers at the same moment."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from catalog.models import Stock
from orders.change_refusals import BelowFloor
from orders.models import Order, OrderChange, OrderLine, ShipmentRequest, ShipmentRequestLine
from orders.selectors.fulfilment import line_quantities
from orders.services import part_accepted, shipment_requests
from orders.services.changes import change_accept, order_change
from orders.services.shipment_checks import Asked
from orders.services.shipment_requests import shipment_request_create
from orders.shipment_refusals import TooMuchAsked
from orders.states import ChangeState
from tests.factories import AT, World, actor_of, make_world
from tests.orders.test_shipment_requests import WISH, confirmed, line_of, ship
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

LEFT, CLICKS = 5, 12


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def line(world: World) -> OrderLine:
    return line_of(confirmed(world))


def asking(world: World, line: OrderLine) -> Callable[[], ShipmentRequest]:
    return partial(
        shipment_request_create,
        actor=actor_of(world.buyer),
        quantities={line.pk: Decimal(1)},
        wish=WISH,
        idempotency_key=uuid4(),
        at=AT,
    )


def shrinking(world: World, line: OrderLine, quantity: int) -> Callable[[], OrderChange]:
    return partial(
        order_change,
        actor=actor_of(world.buyer),
        order_id=line.part.order_id,
        quantities={line.pk: Decimal(quantity)},
        at=AT,
    )


def requested() -> Decimal:
    return sum(ShipmentRequestLine.objects.values_list("quantity", flat=True), Decimal(0))


def test_what_is_left_is_asked_for_once(world: World, line: OrderLine) -> None:
    outcomes = crowd([asking(world, line) for _click in range(CLICKS)])

    refused = [outcome for outcome in outcomes if not isinstance(outcome, ShipmentRequest)]
    assert {type(refusal) for refusal in refused} == {TooMuchAsked}
    assert (CLICKS - len(refused), requested()) == (LEFT, LEFT)


def test_more_than_is_left_is_asked_for_without_the_lock(
    world: World, line: OrderLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the test above can fail."""

    def read_only(**_ids: object) -> tuple[list[Order], list[object]]:
        part = line.part
        return [Order.objects.select_related("contract").get(pk=part.order_id)], [part]

    def slowly(asked: Asked, *, at: object) -> None:
        checked(asked, at=at)  # type: ignore[arg-type]
        time.sleep(0.5)  # everybody has looked before anybody writes

    checked = shipment_requests.check_asked
    monkeypatch.setattr(shipment_requests, "orders_parts_lock", read_only)
    monkeypatch.setattr(shipment_requests, "check_asked", slowly)

    crowd([asking(world, line) for _click in range(CLICKS)])

    assert requested() > LEFT


def test_same_click_sixteen_times_is_one_request(world: World, line: OrderLine) -> None:
    outcomes = crowd([asking(world, line)] * 16)

    assert outcomes == [ShipmentRequest.objects.get()] * 16


def test_request_and_change_never_promise_the_same_goods(world: World, line: OrderLine) -> None:
    acts: list[Callable[[], object]] = [asking(world, line) for _click in range(LEFT)]
    acts += [shrinking(world, line, 2), shrinking(world, line, 3)]

    crowd(acts)

    known = line_quantities([line.part])[line.pk]
    assert known.requested <= known.confirmed
    line.refresh_from_db()
    reserved = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse).reserved
    assert reserved == line.quantity


@pytest.mark.parametrize("_round", range(4))
def test_change_against_1c_taking_the_order_is_whole(world: World, line: OrderLine, _round: int) -> None:
    """Either 1C took the order first and the change waits, or it takes what is left."""
    taking = partial(part_accepted, part_ids=[line.part_id], at=AT)

    changed, _taken = crowd([shrinking(world, line, 2), taking])  # type: ignore[list-item]

    assert isinstance(changed, OrderChange)
    line.refresh_from_db()
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    left = 5 if changed.state == ChangeState.ASKED else 2
    assert (line.quantity, stock.reserved, stock.free) == (left, 0, 10 - left)


@pytest.mark.parametrize("_round", range(4))
def test_change_against_a_shipment_never_goes_below_it(world: World, line: OrderLine, _round: int) -> None:
    part_accepted(part_ids=[line.part_id], at=AT)
    made = shrinking(world, line, 2)()
    accepting = partial(change_accept, actor=actor_of(world.manager), change_id=made.pk, at=AT)

    decided, _paper = crowd([accepting, partial(ship, line.part, "4")])  # type: ignore[list-item]

    line.refresh_from_db()
    if isinstance(decided, OrderChange):  # the change came first, the warehouse shipped past it
        assert line.quantity == 2
    else:
        assert isinstance(decided, BelowFloor)
        assert line.quantity == 5
