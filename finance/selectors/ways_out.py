"""What to pay so that an order passes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from finance.selectors.exposure import ContractCredit, credit_view
from finance.selectors.receivables import OpenDebit, open_debits
from finance.states import CreditStatus
from portal.lib.dates import moscow_date

Day = date  # a field below has this name

ZERO = Decimal("0.00")

_OPENED_BY_PAYING = frozenset(
    {CreditStatus.OVERDUE, CreditStatus.EXCEEDED, CreditStatus.WARNING, CreditStatus.OK}
)


@dataclass(frozen=True, slots=True)
class Payable:
    """A debit to pay, or (without an entry) a prepayment; `amount` may be a part of `open`."""

    entry_id: int | None
    document_key: str
    number: str
    date: Day | None
    due_date: Day | None
    open: Decimal
    amount: Decimal


def ways_out(*, contract_id: int, need: Decimal, at: datetime) -> tuple[Payable, ...]:
    """The fewest open debits, oldest first and the last in part, whose payment lets `need` pass.

    Overdue ones that block are paid wholly. What debits do not suffice for is a prepayment. Empty where
    the order passes as it is, and where no payment would help (a line that is suspended or has run out).
    """
    on = moscow_date(at)
    credit = credit_view(contract_ids=[contract_id], on=on)[contract_id]
    if any(line.status not in _OPENED_BY_PAYING for line in credit.lines):
        return ()
    debits = open_debits(on=on, contract_ids=[contract_id])
    left = max(_missing(credit, need), _blocking(credit, debits))
    chosen = []
    for debit in debits:
        if left <= 0:
            break
        amount = min(left, debit.open)
        chosen.append(_payable(debit, amount))
        left -= amount
    if left > 0:
        chosen.append(Payable(None, "", "", None, None, left, left))
    return tuple(chosen)


def _missing(credit: ContractCredit, need: Decimal) -> Decimal:
    """By how much the tightest line falls short; a rouble paid frees a rouble of it."""
    if credit.available is None or need <= 0:
        return ZERO
    return max(ZERO, need - credit.available)


def _blocking(credit: ContractCredit, debits: list[OpenDebit]) -> Decimal:
    """Overdue debts of the contract that a line does not tolerate."""
    blocked = [line for line in credit.lines if line.status == CreditStatus.OVERDUE]
    if not blocked:
        return ZERO
    grace = min(line.grace_days for line in blocked)
    return sum((debit.open for debit in debits if debit.overdue_days > grace), ZERO)


def _payable(debit: OpenDebit, amount: Decimal) -> Payable:
    return Payable(
        entry_id=debit.entry_id,
        document_key=debit.document_key,
        number=debit.number,
        date=debit.date,
        due_date=debit.due_date,
        open=debit.open,
        amount=amount,
    )
