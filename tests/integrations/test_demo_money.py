"""The demonstration's money and delivery."""

from decimal import Decimal

import pytest
from django.utils import timezone

from counterparties.models import Contract, Holding
from finance.models import BlockRule, CreditLine, LedgerEntry
from finance.selectors.exposure import credit_view
from finance.states import CreditStatus
from integrations.demo import fiction
from integrations.demo.company import company_fill
from integrations.demo.money import POOLED, RULES, money_fill
from portal.lib.dates import moscow_date

pytestmark = pytest.mark.django_db


def test_clients_get_lines_and_a_past_once() -> None:
    company_fill()

    money_fill()
    entries = LedgerEntry.objects.count()
    money_fill()

    assert LedgerEntry.objects.count() == entries > 0
    limited = [data for data in fiction.CONTRACTS if data.credit_limit]
    assert CreditLine.objects.count() == len(limited) + len(POOLED)
    assert BlockRule.objects.count() == len(RULES)


def test_everybody_may_order_and_owes_something() -> None:
    """The demonstration begins with clients who are let through; their limits are in use."""
    company_fill()
    money_fill()

    holding = Holding.objects.get(name=fiction.HOLDINGS[0].name)
    contracts = Contract.objects.filter(legal_entity__holding=holding).values_list("pk", flat=True)
    views = credit_view(contract_ids=list(contracts), on=moscow_date(timezone.now()))
    for view in views.values():
        assert view.status in {CreditStatus.OK, CreditStatus.WARNING}
        assert view.available is not None
        assert view.available > Decimal(100_000)
