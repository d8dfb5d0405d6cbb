"""Holding and freeing of credit limits. Locks: lines (holding, legal entity, contract; by key), contract."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from counterparties.actor import Actor
from finance.models import CreditOverride, LimitChange
from finance.refusals import CreditClosed, CreditExceeded, CreditOverdue, CreditRefused

__all__ = [
    "Claim",
    "CreditClosed",
    "CreditExceeded",
    "CreditOverdue",
    "CreditRefused",
    "credit_note",
    "credit_release",
    "credit_reserve",
    "credit_shrink",
    "limit_change",
    "override_give",
]


@dataclass(frozen=True, slots=True)
class Claim:
    """A part of an order on credit: its reference, the contract that answers, its sum with VAT."""

    reference: str
    contract_id: int
    total: Decimal


def credit_reserve(
    *, claims: Sequence[Claim], at: datetime, actor_id: int | None = None, order_reference: str = ""
) -> None:
    """Hold the limit for all claims or for none; a claim held already is held at its new total.

    `order_reference` names the order in overrides that were given for it alone.
    Raises CreditExceeded, CreditClosed, CreditOverdue.
    """
    raise NotImplementedError


def credit_shrink(*, reference: str, total: Decimal, at: datetime) -> None:
    """Hold less: the part came to less than was confirmed. Raises ValueError for more."""
    raise NotImplementedError


def credit_release(*, references: Collection[str], at: datetime) -> None:
    """Hold nothing any more; money paid for these references is free. Idempotent."""
    raise NotImplementedError


def credit_note(*, claims: Sequence[Claim], at: datetime) -> None:
    """Hold without a check: 1C has confirmed already."""
    raise NotImplementedError


def limit_change(
    *,
    actor: Actor | None,
    line_id: int,
    amount: Decimal,
    reason: str,
    at: datetime,
    valid_until: date | None = None,
) -> LimitChange:
    """Set the amount of a line, with `valid_until` for a time only. Without an actor 1C does so."""
    raise NotImplementedError


def override_give(
    *,
    actor: Actor,
    contract_id: int,
    reference: str,
    valid_until: date,
    amount: Decimal,
    reason: str,
    at: datetime,
) -> CreditOverride:
    """Let an order (no reference: any) through in spite of the limit, up to a sum and a date.

    Raises AccessDenied, Contract.DoesNotExist.
    """
    raise NotImplementedError
