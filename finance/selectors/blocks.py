"""Whether an order may be placed: block rules and credit lines together."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from finance.states import BlockAction, PaymentTerms


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document to pay."""

    entry_id: int
    number: str
    date: date
    due_date: date
    open: Decimal
    overdue_days: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the rule as the client reads it, a sentence, the sum, and what is to be paid."""

    rule: str
    text: str
    amount: Decimal
    documents: tuple[DueDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The strictest of what the rules say; without an action the order passes."""

    action: BlockAction | None
    reasons: tuple[Reason, ...] = ()

    @property
    def is_blocked(self) -> bool:
        return self.action == BlockAction.BLOCK


def order_decision(*, contract_id: int, need: Decimal, terms: PaymentTerms, at: datetime) -> Decision:
    """Decide on an order of `need` RUB with VAT under a contract."""
    raise NotImplementedError
