"""One credit line and many who want it at the same moment: S3 of the specification."""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection

from counterparties.models import Contract
from finance.models import CreditLine, Reservation
from finance.selectors.exposure import credit_view
from finance.services import credit as credit_services
from finance.services.credit import Claim, CreditExceeded, credit_release, credit_reserve, limit_change
from finance.services.ledger import ledger_post
from finance.states import LedgerKind
from orders import services as orders
from orders.models import Order
from orders.refusals import OrderBlocked
from tests.factories import AT, World, make_contract, make_legal_entity, make_person, make_world
from tests.money import credit_of, facts_of, make_line
from tests.orders.past import make_order
from tests.races.crowd import Waits, crowd, crowds, spread

pytestmark = pytest.mark.django_db(transaction=True)

FITS = 10
EACH = Decimal(100)


@pytest.fixture
def world(transactional_db: None) -> World:
    """Room for exactly ten orders of a hundred, at all three levels."""
    world = make_world()
    for scope in (world.holding, world.entity, world.contract):
        make_line(scope, EACH * FITS)
    return world


def reserving(contract: Contract, number: int, amount: Decimal = EACH) -> Callable[[], None]:
    claims = [Claim(f"part:{number}", contract.pk, amount)]
    return partial(credit_reserve, claims=claims, at=AT)


def held() -> int:
    return Reservation.objects.filter(is_active=True).count()


def kinds(outcomes: list[Any]) -> dict[str, int]:
    names = ["passed" if outcome is None else type(outcome).__name__ for outcome in outcomes]
    return {name: names.count(name) for name in set(names)}


@pytest.mark.parametrize("round_", [1, 2])
def test_exactly_so_many_pass_as_fit(world: World, round_: int) -> None:
    outcomes = crowd([reserving(world.contract, number) for number in range(16)])

    assert kinds(outcomes) == {"passed": FITS, "CreditExceeded": 6}
    assert (held(), credit_of(world.contract).available) == (FITS, 0)


def slowly(view: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """Everybody has written before anybody looks at the sum."""

    def slow(**arguments: Any) -> Any:
        seen = view(**arguments)
        time.sleep(seconds)
        return seen

    return slow


def test_more_pass_than_fit_without_the_locks(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what PORTAL_TEST_SKIP_LOCKS=1 sets."""
    settings.TEST_SKIP_LOCKS = True
    monkeypatch.setattr(credit_services, "credit_view", slowly(credit_view, 0.3))

    crowd([reserving(world.contract, number) for number in range(16)])

    assert held() > FITS
    assert credit_of(world.contract).available < 0


def test_the_locks_hold_however_slow_the_rest_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit_services, "credit_view", slowly(credit_view, 0.05))

    outcomes = crowd([reserving(world.contract, number) for number in range(12)])

    assert kinds(outcomes) == {"passed": FITS, "CreditExceeded": 2}


def test_firms_of_one_holding_share_its_limit(world: World) -> None:
    """Levels are locked in one order, from whichever firm the order comes: nobody deadlocks."""
    sister = make_contract(make_legal_entity(world.holding))
    make_line(sister, EACH * FITS)
    both = [world.contract, sister]

    outcomes = crowd([reserving(both[number % 2], number) for number in range(16)])

    assert kinds(outcomes) == {"passed": FITS, "CreditExceeded": 6}


def test_claims_of_two_contracts_in_opposite_order_do_not_deadlock(world: World) -> None:
    sister = make_contract(make_legal_entity(world.holding))

    def both(number: int) -> Callable[[], None]:
        claims = [
            Claim(f"part:{number}1", world.contract.pk, Decimal(10)),
            Claim(f"part:{number}2", sister.pk, Decimal(10)),
        ]
        return partial(credit_reserve, claims=claims[:: 1 if number % 2 else -1], at=AT)

    outcomes = crowd([both(number) for number in range(1, 13)])

    assert kinds(outcomes) == {"passed": 12}


def test_orders_confirmed_at_once_stay_within_the_limit(world: World) -> None:
    placed = [
        make_order(make_person(world.holding), world.contract, world, {world.skus[0]: 1})
        for _number in range(13)
    ]

    outcomes = crowd([partial(orders.order_confirm, order_id=one.pk, actor=None, at=AT) for one in placed])

    assert sum(isinstance(outcome, Order) for outcome in outcomes) == FITS
    assert {type(outcome) for outcome in outcomes if not isinstance(outcome, Order)} == {OrderBlocked}
    assert Order.objects.filter(state="confirmed").count() == held() == FITS


def mixed(world: World, contract: Contract, line: CreditLine, number: int) -> list[Callable[[], Any]]:
    """A confirmation, a payment, a shipment, a cancelled order and a new limit, all at once."""
    post = partial(ledger_post, at=AT)
    return [
        reserving(contract, number),
        partial(post, facts=facts_of(contract, LedgerKind.PAYMENT, 30, order_reference=f"part:{number}")),
        partial(post, facts=facts_of(contract, LedgerKind.SHIPMENT, 40, order_reference=f"part:{number}")),
        partial(credit_release, references=[f"part:{number - 5}"], at=AT),
        partial(
            limit_change, actor=None, line_id=line.pk, amount=EACH * (5 + number % 9), reason="Так", at=AT
        ),
    ]


def test_payments_shipments_limits_and_cancellations_at_once_deadlock_nobody(world: World) -> None:
    sister = make_contract(make_legal_entity(world.holding))
    line = CreditLine.objects.get(holding=world.holding)
    acts = [
        act
        for number in range(1, 7)
        for act in mixed(world, (world.contract, sister)[number % 2], line, number)
    ]

    outcomes = crowd(acts)

    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(error) for error in errors} <= {CreditExceeded}


# --- at full size ------------------------------------------------------------------------------------

PROCESSES, THREADS, ROUNDS = 4, 16, 20


def claiming(number: int, contract_id: int) -> tuple[str, float, float]:
    """What a call met with, how long it took, and how long of it it waited."""
    with connection.cursor() as cursor:  # a slow machine is no reason to give up waiting here
        cursor.execute("SET lock_timeout = '60s'")
    began, waits = time.monotonic(), Waits()
    try:
        claims = [Claim(f"part:{number}", contract_id, EACH)]
        with connection.execute_wrapper(waits):
            credit_reserve(claims=claims, at=AT + timedelta(seconds=number))
    except CreditExceeded:
        return "refused", time.monotonic() - began, waits.seconds
    except OperationalError as error:
        return str(error), time.monotonic() - began, waits.seconds
    return "passed", time.monotonic() - began, waits.seconds


@pytest.mark.sweep
def test_sixty_four_confirmations_twenty_times(world: World) -> None:
    calls: list[float] = []
    waits: list[float] = []
    acts = [partial(claiming, number, world.contract.pk) for number in range(PROCESSES * THREADS)]
    for round_ in range(ROUNDS):
        Reservation.objects.all().delete()

        outcomes = crowds(acts, processes=PROCESSES)

        assert [one for one in outcomes if isinstance(one, Exception)] == [], round_
        told = [one for one in outcomes if not isinstance(one, Exception)]
        assert sorted(word for word, *_times in told) == ["passed"] * FITS + ["refused"] * 54, round_
        assert held() == FITS
        calls += [seconds for _word, seconds, _waited in told]
        waits += [waited for _word, _seconds, waited in told]
    for title, times in (("whole call", calls), ("of it waiting for locks", waits)):
        print(f"\n{ROUNDS} x {PROCESSES * THREADS}, {spread(title, times)}")
