"""Terms of a contract by dates."""

from datetime import date
from decimal import Decimal

import pytest

from counterparties.models import Contract, ContractTerms
from counterparties.selectors.contract_terms import Terms, terms_by_contract, terms_on
from documents.compose.invoice import _pay_until
from finance.models import CreditLine
from finance.selectors.payment_terms import deferred_contracts
from finance.services.due import due_date
from finance.states import PaymentTerms
from orders.models import Order
from tests.documents.orders import make_order
from tests.factories import TODAY, World, make_world
from tests.money import make_line


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=7)
    world.contract.refresh_from_db()
    return world


def term(world: World, day: date, deferral: int | None = None, percent: int | None = None) -> None:
    ContractTerms.objects.create(
        contract=world.contract, valid_from=day, deferral_days=deferral, prepayment_percent=percent
    )


def test_newest_row_decides_and_gaps_are_filled_from_older_ones(world: World) -> None:
    term(world, date(2026, 3, 1), deferral=14)
    term(world, date(2026, 6, 1), percent=30)
    term(world, date(2026, 9, 1), deferral=0)

    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1), date(2026, 9, 1))

    assert [terms_on(world.contract, day) for day in days] == [
        Terms(7, Decimal(0)),
        Terms(14, Decimal(0)),
        Terms(14, Decimal(0)),
        Terms(14, Decimal(30)),
        Terms(0, Decimal(30)),
    ]


def test_many_contracts_cost_one_query(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    term(world, date(2026, 3, 1), deferral=14)

    with django_assert_num_queries(1):
        found = terms_by_contract([world.contract, world.other_contract], TODAY)

    assert {pk: terms.deferral_days for pk, terms in found.items()} == {
        world.contract.pk: 14,
        world.other_contract.pk: 0,
    }


def test_addendum_moves_the_due_date_of_later_shipments_only(world: World) -> None:
    before = due_date(world.contract, base=date(2026, 11, 2))
    term(world, date(2026, 11, 10), deferral=21)

    assert due_date(world.contract, base=date(2026, 11, 2)) == before == date(2026, 11, 9)
    assert due_date(world.contract, base=date(2026, 11, 9)) == date(2026, 11, 16)
    assert due_date(world.contract, base=date(2026, 11, 10)) == date(2026, 12, 1)


def test_credit_line_still_goes_before_terms(world: World) -> None:
    term(world, date(2026, 11, 1), deferral=21)
    make_line(world.contract, 100, deferral_days=3)

    assert due_date(world.contract, base=date(2026, 11, 3)) == date(2026, 11, 6)
    assert CreditLine.objects.count() == 1


def test_deferral_is_offered_from_its_day_on(world: World) -> None:
    Contract.objects.update(deferral_days=0)
    term(world, TODAY, deferral=14)

    assert deferred_contracts([world.contract.pk], on=TODAY) == {world.contract.pk}
    assert deferred_contracts([world.contract.pk], on=date(2026, 11, 22)) == set()


def test_invoice_is_to_be_paid_by_the_terms_of_its_day(world: World) -> None:
    term(world, date(2026, 11, 10), deferral=21)

    order = make_order(world)
    Order.objects.filter(pk=order.pk).update(payment_terms=PaymentTerms.CREDIT)
    order.refresh_from_db()

    days = [
        _pay_until(order, terms_on(world.contract, on), on) for on in (date(2026, 11, 9), date(2026, 11, 10))
    ]

    assert days == [date(2026, 11, 16), date(2026, 12, 1)]
