"""Plain functions that make settlements for tests; what is not said gets a sensible value."""

from datetime import date
from decimal import Decimal
from typing import Any

from counterparties.models import Contract, Holding, LegalEntity
from finance.models import BlockRule, CreditLine, LedgerEntry
from finance.selectors.exposure import ContractCredit, credit_view
from finance.services.ledger import LedgerFacts, ledger_post
from finance.states import BlockAction, BlockCondition, CreditMode, LedgerKind, LedgerSource
from tests.factories import AT, TODAY
from tests.numbers import numbers


def facts_of(
    contract: Contract, kind: LedgerKind, amount: Decimal | int | str, on: date = TODAY, **changes: Any
) -> LedgerFacts:
    number = str(numbers.next())
    told: dict[str, Any] = {
        "contract_id": contract.pk,
        "kind": kind,
        "document_key": f"doc:{number}",
        "version": "1",
        "number": number,
        "document_date": on,
        "business_date": on,
        "amount": Decimal(amount),
        "source": LedgerSource.ERP,
    }
    return LedgerFacts(**(told | changes))


def post(
    contract: Contract, kind: LedgerKind, amount: Decimal | int | str, on: date = TODAY, **changes: Any
) -> LedgerEntry:
    """Post a document of 1C and return its entry."""
    entry = ledger_post(facts=facts_of(contract, kind, amount, on, **changes), at=AT)
    assert entry is not None
    return entry


def ship(contract: Contract, amount: Decimal | int | str, on: date = TODAY, **changes: Any) -> LedgerEntry:
    return post(contract, LedgerKind.SHIPMENT, amount, on, **changes)


def pay(contract: Contract, amount: Decimal | int | str, on: date = TODAY, **changes: Any) -> LedgerEntry:
    return post(contract, LedgerKind.PAYMENT, amount, on, **changes)


def make_line(
    of: Holding | LegalEntity | Contract, amount: Decimal | int | str, **changes: Any
) -> CreditLine:
    level = {Holding: "holding", LegalEntity: "legal_entity", Contract: "contract"}[type(of)]
    told = {
        level: of,
        "amount": Decimal(amount),
        "valid_from": date(2026, 1, 1),
        "mode": CreditMode.BLOCK_NEW,
    }
    return CreditLine.objects.create(**(told | changes))


def make_rule(
    condition: BlockCondition = BlockCondition.OVERDUE_SUM,
    action: BlockAction = BlockAction.BLOCK,
    **changes: Any,
) -> BlockRule:
    return BlockRule.objects.create(
        **({"name": "Просрочка", "condition": condition, "action": action} | changes)
    )


def credit_of(contract: Contract, on: date = TODAY) -> ContractCredit:
    return credit_view(contract_ids=[contract.pk], on=on)[contract.pk]
