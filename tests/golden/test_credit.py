"""The worked example of the specification, to the kopeck: two firms of a holding on Monday, 23.11.2026."""

from datetime import date
from decimal import Decimal

import pytest

from counterparties.models import Contract
from finance.selectors.exposure import credit_view
from finance.selectors.receivables import advances, ageing, open_debits
from finance.services.credit import Claim, CreditOverdue, credit_note, credit_reserve
from finance.states import CreditMode, CreditStatus
from finance.workdays import next_working
from tests.factories import AT, TODAY, make_contract, make_holding, make_legal_entity
from tests.money import credit_of, make_line, pay, ship

pytestmark = pytest.mark.django_db

PART_A, PART_B = "part:1", "part:2"


@pytest.fixture
def contracts() -> tuple[Contract, Contract]:
    holding = make_holding()
    first = make_contract(make_legal_entity(holding, name="ООО «А»"))
    second = make_contract(make_legal_entity(holding, name="ООО «Б»"))
    make_line(holding, "1000000", grace_days=30)
    make_line(first.legal_entity, "700000", grace_days=30)
    whole = ship(first, "300000", date(2026, 10, 1), due_date=next_working(date(2026, 10, 31)))
    pay(first, "300000", date(2026, 10, 28), shipment_key=whole.document_key)
    partly = ship(first, "250000", date(2026, 10, 20), due_date=date(2026, 11, 19))
    pay(first, "100000", date(2026, 11, 10), shipment_key=partly.document_key)
    credit_note(
        claims=[Claim(PART_A, first.pk, Decimal(180_000)), Claim(PART_B, second.pk, Decimal(100_000))], at=AT
    )
    ship(first, "60000", date(2026, 11, 16), due_date=date(2026, 12, 15), order_reference=PART_A)
    ship(first, "60000", date(2026, 11, 16), due_date=date(2026, 12, 15))
    pay(first, "20000", date(2026, 11, 18), order_reference=PART_A)
    ship(second, "200000", date(2026, 11, 2), due_date=date(2026, 12, 1))
    pay(second, "50000", date(2026, 11, 20))
    return first, second


def test_saturday_term_moves_to_monday() -> None:
    assert next_working(date(2026, 10, 31)) == date(2026, 11, 2)


def test_open_debts_and_reserves(contracts: tuple[Contract, Contract]) -> None:
    first, second = contracts

    views = credit_view(contract_ids=[first.pk, second.pk], on=TODAY)

    a, b = views[first.pk], views[second.pk]
    assert (a.debt, a.reserved, a.exposure) == (270_000, 100_000, 370_000)
    assert (b.debt, b.reserved, b.exposure) == (150_000, 100_000, 250_000)
    assert (a.prepayment, b.prepayment) == (20_000, 0)


def test_exposure_of_the_holding_and_what_is_left(contracts: tuple[Contract, Contract]) -> None:
    first, second = contracts

    views = credit_view(contract_ids=[first.pk, second.pk], on=TODAY)

    holding, entity = views[first.pk].lines
    assert (holding.level, holding.exposure, holding.available) == ("holding", 620_000, 380_000)
    assert (entity.level, entity.exposure, entity.available) == ("legal_entity", 370_000, 330_000)
    assert (views[first.pk].available, views[first.pk].limit) == (330_000, 700_000)
    assert views[second.pk].available == 380_000


def test_overdue_goes_to_the_first_bucket(contracts: tuple[Contract, Contract]) -> None:
    first, second = contracts
    ids = [first.pk, second.pk]

    rows = open_debits(on=TODAY, contract_ids=ids)

    assert [(row.open, row.overdue_days) for row in rows if row.overdue_days] == [(150_000, 4)]
    assert [(bucket.code, bucket.amount) for bucket in ageing(rows)] == [
        ("current", 270_000), ("30", 150_000), ("60", 0), ("90", 0), ("more", 0),
    ]  # fmt: skip
    assert [bucket.amount for bucket in ageing(rows, by="age")] == [270_000, 150_000, 0, 0]
    assert advances(on=TODAY, contract_ids=ids) == {first.pk: 20_000}


@pytest.mark.parametrize(
    ("grace", "status"),
    [(3, CreditStatus.OVERDUE), (4, CreditStatus.OK)],
)
def test_four_days_overdue_block_with_a_grace_below_four(
    contracts: tuple[Contract, Contract], grace: int, status: CreditStatus
) -> None:
    first, _second = contracts
    make_line(first, 1_000_000, grace_days=grace, mode=CreditMode.BLOCK_NEW)

    credit = credit_of(first)

    assert credit.lines[-1].status == status
    assert (credit.overdue, credit.overdue_days) == (150_000, 4)
    if status == CreditStatus.OVERDUE:
        with pytest.raises(CreditOverdue):
            credit_reserve(claims=[Claim("part:9", first.pk, Decimal(1))], at=AT)


def test_exactly_what_is_left_can_be_reserved(contracts: tuple[Contract, Contract]) -> None:
    first, second = contracts

    credit_reserve(claims=[Claim("part:9", first.pk, Decimal(330_000))], at=AT)

    assert credit_of(first).available == 0
    assert credit_of(second).available == 50_000
