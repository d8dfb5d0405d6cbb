"""Balances of one contract that are told at the same moment."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from finance.models import OverdueItem, Settlement
from finance.services import Balance, OverduePart, settlement_note
from tests.factories import make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

AS_OF = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)


def balance(minute: int) -> Balance:
    debt = Decimal(100 + minute)
    return Balance(
        currency="RUB",
        debt=debt,
        prepayment=Decimal(0),
        shipping=Decimal(0),
        to_pay=debt,
        as_of=AS_OF + timedelta(minutes=minute),
        overdue=(OverduePart(date(2026, 11, 20), debt, f"Реализация {minute}"),),
    )


def test_newest_balance_stays_with_its_documents_whoever_comes_first() -> None:
    contract = make_world().contract
    notes = [
        partial(settlement_note, contract_id=contract.pk, balance=balance(minute)) for minute in range(1, 7)
    ]

    crowd(notes)

    assert Settlement.objects.get().debt == Decimal(106)
    assert OverdueItem.objects.get().document == "Реализация 6"
