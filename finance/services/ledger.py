"""Writes of the ledger: one document is one entry, a changed one is a reversal and a new entry."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from finance.models import LedgerEntry
from finance.states import LedgerKind, LedgerSource


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """A document that moves settlements, in the words of finance; `amount` is above zero.

    The side follows from the kind; OPENING, OFFSET and TRANSFER say `is_debit`. A debit without
    `due_date` gets it from the deferral of its credit line or contract and the working calendar.
    `settles` are document keys of debits, or order references, which it pays explicitly.
    """

    contract_id: int
    kind: LedgerKind
    document_key: str
    version: str
    number: str
    document_date: date
    business_date: date
    amount: Decimal
    source: LedgerSource
    is_debit: bool | None = None
    due_date: date | None = None
    order_reference: str = ""
    invoice_reference: str = ""
    shipment_key: str = ""
    payment_key: str = ""
    paid_by_id: int | None = None
    settles: tuple[str, ...] = ()
    is_deleted: bool = False
    comment: str = ""
    recorded_by_id: int | None = None


def ledger_post(*, facts: LedgerFacts, at: datetime) -> LedgerEntry | None:
    """Post a document; the same one again changes nothing, a changed one is reversed and posted anew.

    A deleted document is reversed, and None returned. Where an entry of the portal has the same
    `payment_key`, it is reversed: the later one of 1C stands. Locks the credit lines of the contract,
    then the contract. Raises Contract.DoesNotExist.
    """
    raise NotImplementedError


def ledger_reverse(*, entry_id: int, at: datetime, comment: str) -> LedgerEntry:
    """Swap the sides of an entry on the same business date. Idempotent."""
    raise NotImplementedError


def allocations_replay(contract_id: int, currency: str, *, since: date | None = None) -> None:
    """Make the automatic allocations of a contract anew from a business date; explicit ones stay."""
    raise NotImplementedError
