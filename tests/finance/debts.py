"""Debts and payments of a contract for tests, posted as 1C posts them."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from counterparties.models import Contract
from finance.models import LedgerEntry, OnlinePayment
from finance.services.ledger import LedgerFacts, ledger_post
from finance.states import LedgerKind, LedgerSource
from tests.factories import AT
from tests.numbers import numbers


def make_debt(contract: Contract, amount: str | int, **changes: Any) -> LedgerEntry:
    """A shipment of 2 November with a term of the 19th."""
    number = numbers.next()
    facts: dict[str, Any] = {
        "contract_id": contract.pk,
        "kind": LedgerKind.SHIPMENT,
        "document_key": f"erp_document:{number:06d}",  # debts of one term stand in the order of keys
        "version": "1",
        "number": f"УТ-{number}",
        "document_date": date(2026, 11, 2),
        "business_date": date(2026, 11, 2),
        "due_date": date(2026, 11, 19),
        "amount": Decimal(amount),
        "source": LedgerSource.ERP,
    }
    entry = ledger_post(facts=LedgerFacts(**(facts | changes)), at=AT)
    assert entry is not None
    return entry


def make_paid(contract: Contract, amount: str | int, **changes: Any) -> LedgerEntry:
    """Money of 20 November."""
    told = {
        "kind": LedgerKind.PAYMENT,
        "due_date": None,
        "document_date": date(2026, 11, 20),
        "business_date": date(2026, 11, 20),
    }
    return make_debt(contract, amount, **(told | changes))


def make_online_payment(person: User, contract: Contract, amount: str | int = 10) -> OnlinePayment:
    """A payment that the provider has not heard of yet, made past the services."""
    payment = OnlinePayment.objects.create(
        organization_id=contract.organization_id,
        legal_entity_id=contract.legal_entity_id,
        contract=contract,
        amount=Decimal(amount),
        purpose="Предоплата",
        created_by=person,
        created_at=AT,
    )
    payment.items.create(reference=f"contract:{contract.pk}", label="Предоплата", amount=Decimal(amount))
    return payment
