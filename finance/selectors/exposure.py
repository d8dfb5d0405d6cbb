"""How much of the credit lines is used: the formulas of exposure, for any contracts at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from finance.states import CreditMode, CreditStatus


@dataclass(frozen=True, slots=True)
class LineView:
    """One credit line as it stands; `level` is holding, legal_entity or contract."""

    pk: int
    level: str
    name: str
    limit: Decimal
    exposure: Decimal
    available: Decimal
    percent: int | None
    overdue: Decimal
    overdue_days: int
    grace_days: int
    mode: CreditMode
    status: CreditStatus
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ContractCredit:
    """What a contract may still take on credit, in its currency.

    `available` is the least over the levels, with the contract's own free advance; None without a line
    at any level: unlimited. `limit` is that of the line which leaves least. Of `debt`, `prepayment` and
    `overdue` the worse of the ledger and 1C's balance counts; `is_mismatched` says that they differ.
    """

    contract_id: int
    currency: str
    lines: tuple[LineView, ...]
    limit: Decimal | None
    exposure: Decimal
    available: Decimal | None
    own_advance: Decimal
    overdue: Decimal
    overdue_days: int
    status: CreditStatus
    is_mismatched: bool
    as_of: datetime | None
    debt: Decimal
    prepayment: Decimal
    reserved: Decimal


def credit_view(*, contract_ids: Collection[int], on: date) -> dict[int, ContractCredit]:
    """How contracts stand on a Moscow date; a fixed number of queries whatever the contracts."""
    raise NotImplementedError
