"""Debts by document, their ageing, and the ledger with its running balance."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from counterparties.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenDebit:
    """A document that is not paid wholly; money in the contract's currency."""

    entry_id: int
    contract_id: int
    legal_entity_id: int
    document_key: str
    order_reference: str
    invoice_reference: str
    kind: str
    number: str
    date: date
    due_date: date
    currency: str
    amount: Decimal
    open: Decimal
    overdue_days: int
    age_days: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A column of the ageing."""

    code: str
    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An entry with the balance after it (above zero: the client owes)."""

    entry_id: int
    date: date
    kind: str
    title: str
    number: str
    document_date: date
    debit: Decimal
    credit: Decimal
    balance: Decimal
    due_date: date | None
    order_reference: str
    document_key: str


def open_debits(
    *, on: date, actor: Actor | None = None, contract_ids: Collection[int] | None = None
) -> list[OpenDebit]:
    """Documents open at the end of a day, by term; of the actor's contracts, or of the named ones."""
    raise NotImplementedError


def ageing(rows: Iterable[OpenDebit], by: Literal["overdue", "age"] = "overdue") -> tuple[Bucket, ...]:
    """Sum open debits into buckets: by days overdue, or by days since the document."""
    raise NotImplementedError


def ledger_rows(
    *, contract_id: int, currency: str = "RUB", since: date | None = None, until: date | None = None
) -> list[LedgerRow]:
    """Entries of a contract by date with the running balance, which starts from all before `since`."""
    raise NotImplementedError
