"""What to pay so that an order passes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Payable:
    """A debit to pay, or (without an entry) a prepayment; `amount` may be a part of `open`."""

    entry_id: int | None
    document_key: str
    number: str
    date: date | None
    due_date: date | None
    open: Decimal
    amount: Decimal


def ways_out(*, contract_id: int, need: Decimal, at: datetime) -> tuple[Payable, ...]:
    """The fewest open debits, oldest first and the last in part, whose payment lets `need` pass.

    What they do not suffice for is a prepayment. Empty where the order passes as it is.
    """
    raise NotImplementedError
