"""What to pay so that an order passes lines and block rules: not a kopeck less, and no more than it takes."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as some

from counterparties.models import Contract, ExpiredContract
from finance.models import BlockException, BlockRule, CreditOverride, Settlement
from finance.selectors.blocks import order_decision
from finance.selectors.repaying import ANY_DAYS, Owed, Want, repay
from finance.selectors.ways_out import Payable, WaysOut, ways_out
from finance.services import Balance, OverduePart, settlement_note
from finance.states import (
    BlockAction,
    BlockCondition,
    CreditLineState,
    CreditMode,
    LedgerSource,
    PaymentTerms,
)
from tests.factories import AT, TODAY, World, make_contract, make_legal_entity, make_organization
from tests.money import make_line, make_rule, pay, ship

NEED = Decimal(600)
KOPECK = Decimal("0.01")


def owe(contract: Contract, amount: int, days: int, key: str) -> None:
    """A shipment whose term was so many days ago, or is still to come."""
    ship(
        contract,
        amount,
        date(2026, 9, 1),
        document_key=key,
        number=key,
        due_date=TODAY - timedelta(days=days),
    )


def found_for(world: World, need: Decimal = NEED) -> WaysOut:
    return ways_out(contract_id=world.contract.pk, need=need, at=AT)


def passes(world: World, need: Decimal = NEED) -> bool:
    decision = order_decision(contract_id=world.contract.pk, need=need, terms=PaymentTerms.CREDIT, at=AT)
    return decision.action in {None, BlockAction.WARN}


def paid(payables: tuple[Payable, ...], less: Decimal = Decimal(0)) -> None:
    for number, one in enumerate(payables):
        amount = one.amount - (less if number == 0 else 0)
        if amount:
            settles = (one.document_key,) if one.document_key else ()
            pay(Contract.objects.get(pk=one.contract_id), amount, settles=settles, source=LedgerSource.PORTAL)


def told(found: WaysOut) -> list[tuple[str, Decimal]]:
    return [(one.document_key, one.amount) for one in found.payables]


def assert_frees(world: World, found: WaysOut, need: Decimal = NEED) -> None:
    """The order passes when all is paid, and does not when the first payment lacks a kopeck."""
    assert found.payables
    assert not passes(world, need)
    point = transaction.savepoint()
    paid(found.payables, less=KOPECK)
    assert not passes(world, need)
    transaction.savepoint_rollback(point)
    paid(found.payables)
    assert passes(world, need)


# --- rules and lines together --------------------------------------------------------------------------


def sum_rule(world: World) -> list[tuple[str, Decimal]]:
    make_rule()
    owe(world.contract, 500, 34, "old")
    owe(world.contract, 300, -10, "new")
    return [("old", Decimal(500))]


def sum_rule_with_threshold_and_grace(world: World) -> list[tuple[str, Decimal]]:
    make_rule(threshold=200, grace_days=5)
    owe(world.contract, 500, 34, "old")
    owe(world.contract, 100, 10, "late")
    owe(world.contract, 900, 5, "tolerated")
    return [("old", Decimal(400))]


def days_rule(world: World) -> list[tuple[str, Decimal]]:
    make_rule(BlockCondition.OVERDUE_DAYS, threshold=20, grace_days=10)
    owe(world.contract, 500, 31, "old")
    owe(world.contract, 100, 30, "late")
    return [("old", Decimal(500))]


def rule_of_the_contract_alone(world: World) -> list[tuple[str, Decimal]]:
    make_rule(contract=world.contract)
    owe(make_contract(world.entity, is_default=False), 700, 50, "other")
    owe(world.contract, 500, 34, "old")
    return [("old", Decimal(500))]


def debt_of_another_contract_of_the_firm(world: World) -> list[tuple[str, Decimal]]:
    make_rule()
    owe(make_contract(world.entity, is_default=False), 500, 34, "other")
    return [("other", Decimal(500))]


def line_wants_more_than_the_rule(world: World) -> list[tuple[str, Decimal]]:
    make_rule()
    make_line(world.contract, 1000, grace_days=100)
    owe(world.contract, 200, 34, "old")
    owe(world.contract, 700, -10, "new")
    return [("old", Decimal(200)), ("new", Decimal(300))]


def rule_wants_more_than_the_line(world: World) -> list[tuple[str, Decimal]]:
    make_rule()
    make_line(world.contract, 1000, grace_days=100)
    owe(world.contract, 500, 34, "old")
    return [("old", Decimal(500))]


def line_of_the_contract_and_rule_of_the_firm(world: World) -> list[tuple[str, Decimal]]:
    """What is paid of the other contract frees nothing of the line."""
    make_rule()
    make_line(world.contract, 1000)
    owe(make_contract(world.entity, is_default=False), 250, 34, "other")
    owe(world.contract, 700, -10, "own")
    return [("other", Decimal(250)), ("own", Decimal(300))]


def one_document_for_rule_and_line(world: World) -> list[tuple[str, Decimal]]:
    """The rule tolerates a part: of what may be paid for it, that is chosen which frees the line, too."""
    make_rule(threshold=300)
    make_line(world.contract, 800, grace_days=100)
    owe(make_contract(world.entity, is_default=False), 300, 60, "other")
    owe(world.contract, 300, 10, "own")
    return [("own", Decimal(300))]


def line_overdue_under_another_firm(world: World) -> list[tuple[str, Decimal]]:
    make_line(world.holding, 10_000, overdue_tolerance=100)
    owe(make_contract(make_legal_entity(world.holding)), 500, 34, "sister")
    return [("sister", Decimal(400))]


def line_of_the_holding_is_full(world: World) -> list[tuple[str, Decimal]]:
    """Another firm's debts are not this one's to pay: it pays ahead."""
    make_line(world.holding, 1000)
    owe(make_contract(make_legal_entity(world.holding)), 800, -10, "sister")
    owe(world.contract, 100, -10, "own")
    return [("own", Decimal(100)), ("", Decimal(400))]


def limit_rule_over_a_line_that_warns(world: World) -> list[tuple[str, Decimal]]:
    make_rule(BlockCondition.LIMIT, BlockAction.HOLD)
    make_line(world.contract, 1000, mode=CreditMode.WARN)
    owe(world.contract, 700, -10, "new")
    return [("new", Decimal(300))]


def overdue_known_to_1c_alone(world: World) -> list[tuple[str, Decimal]]:
    make_rule(BlockCondition.OVERDUE_DAYS, threshold=20)
    parts = (
        OverduePart(TODAY - timedelta(days=40), Decimal(300), "Реализация 1"),
        OverduePart(TODAY - timedelta(days=5), Decimal(200), "Реализация 2"),
    )
    balance = Balance("RUB", Decimal(500), Decimal(0), Decimal(0), Decimal(0), AT, parts)
    owe(world.contract, 100, 40, "known")
    settlement_note(contract_id=world.contract.pk, balance=balance)
    Settlement.objects.update(as_of=AT - timedelta(hours=1))
    return [("known", Decimal(100)), ("", Decimal(200))]


def override_of_a_part(world: World) -> list[tuple[str, Decimal]]:
    make_line(world.contract, 1000)
    owe(world.contract, 700, -10, "new")
    CreditOverride.objects.create(
        contract=world.contract, valid_until=TODAY, amount=300, used=100, reason="Ждем платеж",
        author=world.administrator, created_at=AT,
    )  # fmt: skip
    return [("new", Decimal(100))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "case",
    [
        sum_rule,
        sum_rule_with_threshold_and_grace,
        days_rule,
        rule_of_the_contract_alone,
        debt_of_another_contract_of_the_firm,
        line_wants_more_than_the_rule,
        rule_wants_more_than_the_line,
        line_of_the_contract_and_rule_of_the_firm,
        one_document_for_rule_and_line,
        line_overdue_under_another_firm,
        line_of_the_holding_is_full,
        limit_rule_over_a_line_that_warns,
        overdue_known_to_1c_alone,
        override_of_a_part,
    ],
)
def test_least_money_frees_the_order(
    world: World, case: Callable[[World], list[tuple[str, Decimal]]]
) -> None:
    expected = case(world)

    found = found_for(world)

    assert told(found) == expected
    assert_frees(world, found)


@pytest.mark.django_db
def test_exception_to_a_rule_leaves_what_the_line_wants(world: World) -> None:
    rule = make_rule()
    make_line(world.contract, 1000, grace_days=100)
    owe(world.contract, 500, 34, "old")
    assert told(found_for(world)) == [("old", 500)]

    BlockException.objects.create(
        rule=rule, contract=world.contract, valid_until=TODAY, reason="Акт", author=world.administrator
    )

    found = found_for(world)
    assert told(found) == [("old", 100)]
    assert_frees(world, found)


@pytest.mark.django_db
def test_advance_alone_is_told_where_only_the_limit_stops(world: World) -> None:
    make_line(world.contract, 1000, grace_days=100)
    owe(world.contract, 700, 34, "old")
    assert found_for(world).advance == 300

    make_rule()

    assert found_for(world).advance == 0


@pytest.mark.django_db
@pytest.mark.parametrize("is_ruled", [False, True])
def test_what_passes_with_nothing_paid(world: World, is_ruled: bool) -> None:
    make_line(world.contract, 1000, grace_days=100)
    make_line(world.holding, 50, mode=CreditMode.WARN)
    owe(world.contract, 700, 34, "old")
    if is_ruled:
        make_rule()

    fits = found_for(world).fits

    assert fits == (0 if is_ruled else 300)
    assert passes(world, Decimal(300)) is not is_ruled


def stale(world: World) -> None:
    make_rule(BlockCondition.STALE, threshold=24)
    Settlement.objects.create(contract=world.contract, as_of=AT - timedelta(hours=25))


def suspended(world: World) -> None:
    make_line(world.holding, 1000, state=CreditLineState.SUSPENDED)


def ended(world: World) -> None:
    world.organization.expired_contract = ExpiredContract.PREPAYMENT
    world.organization.save(update_fields=["expired_contract"])
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=TODAY - timedelta(days=1))


def stopped_by_erp(world: World) -> None:
    world.entity.is_stopped_by_erp = True
    world.entity.save(update_fields=["is_stopped_by_erp"])


@pytest.mark.django_db
@pytest.mark.parametrize("hopeless", [stale, suspended, ended, stopped_by_erp])
def test_no_payment_is_told_where_none_would_help(world: World, hopeless: Callable[[World], None]) -> None:
    make_rule()
    owe(world.contract, 500, 34, "old")
    hopeless(world)

    assert found_for(world) == WaysOut()


@pytest.mark.django_db
def test_suspended_line_that_only_warns_stops_no_way(world: World) -> None:
    make_line(world.holding, 1000, state=CreditLineState.SUSPENDED, mode=CreditMode.WARN)
    sum_rule(world)

    assert told(found_for(world)) == [("old", 500)]


@pytest.mark.django_db
def test_rules_that_warn_want_nothing(world: World) -> None:
    sum_rule(world)
    BlockRule.objects.update(action=BlockAction.WARN)

    assert found_for(world) == WaysOut(fits=None)


@pytest.mark.django_db
def test_money_that_covers_no_reserve_is_no_way_beyond_the_debt(world: World, settings: Any) -> None:
    settings.CREDIT_ADVANCE_COVERS_RESERVE = False
    make_line(world.contract, 1000)
    owe(world.contract, 700, -10, "new")
    found = found_for(world)
    assert (told(found), found.advance) == ([("new", 300)], 300)

    assert found_for(world, Decimal(1001)).payables == ()


@pytest.mark.django_db
def test_debt_that_an_advance_stands_against_frees_nothing_of_a_line(world: World, settings: Any) -> None:
    """Under netting by firm 700 owed to a second organization against 600 paid to it use 100 of the limit."""
    settings.CREDIT_NETTING = "counterparty"
    other = make_organization()
    second, third = (make_contract(world.entity, organization=other, is_default=False) for _one in range(2))
    make_line(world.entity, 1000, grace_days=100)
    owe(second, 700, -20, "second")
    pay(third, 600)
    owe(world.contract, 800, -10, "own")

    found = found_for(world)

    assert told(found) == [("own", 500)]
    assert_frees(world, found)


# --- the least that meets several wants -----------------------------------------------------------------


@tried(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw loads the library
@given(
    some.lists(some.tuples(some.integers(0, 9), some.integers(1, 90)), min_size=1, max_size=8),
    some.lists(some.tuples(some.integers(ANY_DAYS, 9), some.integers(1, 500)), min_size=1, max_size=4),
)
def test_wants_inside_each_other_take_no_more_than_the_largest(
    debts: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    owed = [Owed(1, days, Decimal(amount)) for days, amount in debts]
    wants = [Want({1}, days, Decimal(amount)) for days, amount in asked]
    has = [sum(amount for overdue, amount in debts if overdue > days) for days, _amount in asked]

    is_met = repay(wants, owed)

    assert is_met is all(amount <= most for (_days, amount), most in zip(asked, has, strict=True))
    if is_met:
        assert sum(one.paid for one in owed) == max(amount for _days, amount in asked)
        for (days, amount), want in zip(asked, wants, strict=True):
            assert sum(one.paid for one in owed if want.is_met_by(one)) >= amount, days


def test_wants_that_overlap_are_met_by_what_both_take() -> None:
    first, both, second = Owed(1, 5, Decimal(10)), Owed(2, 5, Decimal(6)), Owed(3, 5, Decimal(10))
    wants = [Want({1, 2}, 0, Decimal(8)), Want({2, 3}, 0, Decimal(9))]

    assert repay(wants, [first, both, second])

    assert (first.paid, both.paid, second.paid) == (2, 6, 3)
