"""What a client may pay for: debts of the ledger, and what apps above tell of (unpaid invoices)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

Shares = tuple[tuple[Decimal | None, Decimal], ...]
"""Sums with VAT by rate; the rate None is «без НДС»."""


@dataclass(frozen=True, slots=True)
class ToPay:
    """One thing to pay for under a contract, with what is still open of it, in the contract's currency.

    `reference` is `ledger:17` for a debt, `order:17` for an invoice, `contract:17` for an advance without an
    order. `shares` split goods that have not left by VAT rate. `settles` names in the ledger's words what the
    money is for, with the sum of each.
    """

    reference: str
    contract_id: int
    title: str
    open: Decimal
    due_date: date | None = None
    overdue_days: int = 0
    is_debt: bool = False
    purpose: str = ""
    shares: Shares = ()
    settles: tuple[tuple[str, Decimal], ...] = field(default=())


class PayableSource(Protocol):
    """An app above that knows of something to pay for."""

    prefix: str

    def to_pay(self, *, contract_ids: Collection[int], on: date) -> list[ToPay]:
        """What is open under the contracts; a fixed number of queries."""
        ...

    def contracts(self, references: Collection[str]) -> Mapping[str, int]:
        """Under which contract each thing is paid."""
        ...

    def shares(self, references: Collection[str]) -> Mapping[str, Shares]:
        """How the whole of each thing splits by VAT rate, paid or not: the same whenever it is asked."""
        ...


_sources: dict[str, PayableSource] = {}


def offer(source: PayableSource) -> None:
    """Make a source known; called in `<app>/payables.py` when Django starts."""
    _sources[source.prefix] = source


def sources() -> list[PayableSource]:
    return [_sources[prefix] for prefix in sorted(_sources)]


def vat_shares(references: Collection[str]) -> dict[str, Shares]:
    """Splits of references by VAT rate, asked of whoever knows the kind of reference."""
    found: dict[str, Shares] = {}
    for prefix, source in _sources.items():
        own = [reference for reference in references if reference.startswith(prefix)]
        if own:
            found.update(source.shares(own))
    return found
