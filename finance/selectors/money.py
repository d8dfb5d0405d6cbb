"""The money of a client at a glance: debts, terms, advances and free limits by legal entity, in roubles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from counterparties.models import Contract, LegalEntity
from finance.selectors.exposure import ContractCredit, LineView, credit_view
from finance.selectors.payables import ROUBLE, payer_of
from finance.selectors.receivables import Bucket, OpenDebit, advances, ageing, open_debits
from finance.states import CreditStatus

ZERO = Decimal("0.00")
WEEK = timedelta(days=7)
_WORST_FIRST = list(CreditStatus)


@dataclass(frozen=True, slots=True)
class EntityMoney:
    """A legal entity on a day, in roubles with VAT; `limit` and `available` are None where nothing limits it.

    `debt` is what its documents come to, `told_debt` the worse of that and 1C's balance, which counts.
    """

    entity: LegalEntity
    contracts: tuple[Contract, ...]
    debt: Decimal
    told_debt: Decimal
    advance: Decimal
    overdue: Decimal
    overdue_days: int
    due_soon: Decimal
    buckets: tuple[Bucket, ...]
    limit: Decimal | None
    available: Decimal | None
    status: CreditStatus
    is_mismatched: bool
    as_of: datetime | None

    @property
    def used(self) -> Decimal:
        """What of the limit is taken; never shown above it."""
        if self.limit is None or self.available is None:
            return ZERO
        return max(ZERO, min(self.limit, self.limit - self.available))

    @property
    def limit_warning(self) -> Decimal:
        """From where the bar warns."""
        return (self.limit or ZERO) * 4 / 5


@dataclass(frozen=True, slots=True)
class Debts:
    """Open documents by term, and what was paid ahead; in roubles with VAT, not set off."""

    debits: tuple[OpenDebit, ...]
    advance: Decimal

    @property
    def debt(self) -> Decimal:
        return sum((debit.open for debit in self.debits), ZERO)


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """All legal entities of the actor; sums are not set off between them."""

    entities: tuple[EntityMoney, ...]
    debits: tuple[OpenDebit, ...]
    lines: tuple[LineView, ...]

    @property
    def debt(self) -> Decimal:
        return sum((one.debt for one in self.entities), ZERO)

    @property
    def advance(self) -> Decimal:
        return sum((one.advance for one in self.entities), ZERO)

    @property
    def overdue(self) -> Decimal:
        return sum((one.overdue for one in self.entities), ZERO)

    @property
    def due_soon(self) -> Decimal:
        return sum((one.due_soon for one in self.entities), ZERO)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: no document, no money, no line, no word of 1C."""
        return not (self.debits or self.advance or self.lines or any(one.as_of for one in self.entities))

    @property
    def has_limits(self) -> bool:
        return any(one.limit is not None for one in self.entities)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return ageing(self.debits)

    @property
    def is_mismatched(self) -> bool:
        return any(one.is_mismatched for one in self.entities)


def debts_of(*, contracts: Iterable[Contract], on: date) -> Debts:
    """Documents and advances of contracts alone, without their limits; two queries."""
    ids = [contract.pk for contract in contracts if contract.currency == ROUBLE]
    ahead = advances(on=on, contract_ids=ids)
    return Debts(tuple(open_debits(on=on, contract_ids=ids)), sum(ahead.values(), ZERO))


def money_page(*, contracts: Iterable[Contract], on: date) -> MoneyPage:
    """How the legal entities of these contracts stand; a fixed number of queries whatever their number."""
    own = [contract for contract in contracts if contract.currency == ROUBLE]
    ids = [contract.pk for contract in own]
    stands = credit_view(contract_ids=ids, on=on)
    debits = open_debits(on=on, contract_ids=ids)
    by_contract: dict[int, list[OpenDebit]] = {}
    for debit in debits:
        by_contract.setdefault(debit.contract_id, []).append(debit)
    ahead = advances(on=on, contract_ids=ids)
    members: dict[int, list[Contract]] = {}
    for contract in own:
        members.setdefault(payer_of(contract).pk, []).append(contract)
    entities = [
        _entity_money(
            rows,
            [stands[contract.pk] for contract in rows],
            [debit for contract in rows for debit in by_contract.get(contract.pk, ())],
            sum((ahead.get(contract.pk, ZERO) for contract in rows), ZERO),
            on,
        )
        for rows in members.values()
    ]
    lines = {line.pk: line for credit in stands.values() for line in credit.lines}
    return MoneyPage(tuple(entities), tuple(debits), tuple(lines.values()))


def _entity_money(
    contracts: Sequence[Contract],
    stands: Sequence[ContractCredit],
    debits: Sequence[OpenDebit],
    advance: Decimal,
    on: date,
) -> EntityMoney:
    limited = [credit for credit in stands if credit.available is not None]
    tightest = min(limited, key=lambda credit: credit.available or ZERO, default=None)
    told = [credit.as_of for credit in stands if credit.as_of is not None]
    return EntityMoney(
        entity=payer_of(contracts[0]),
        contracts=tuple(contracts),
        debt=sum((debit.open for debit in debits), ZERO),
        told_debt=sum((credit.debt for credit in stands), ZERO),
        advance=advance,
        overdue=sum((debit.open for debit in debits if debit.overdue_days), ZERO),
        overdue_days=max((debit.overdue_days for debit in debits), default=0),
        due_soon=sum((debit.open for debit in debits if on <= debit.due_date <= on + WEEK), ZERO),
        buckets=ageing(debits),
        limit=None if tightest is None else tightest.limit,
        available=None if tightest is None else tightest.available,
        status=min((credit.status for credit in stands), key=_WORST_FIRST.index, default=CreditStatus.OK),
        is_mismatched=any(credit.is_mismatched for credit in stands),
        as_of=min(told, default=None),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: a beginning (Monday, or the first of a month), its name and its sum."""

    start: date
    title: str
    amount: Decimal
    is_past: bool = False


def debt_by_week(debits: Sequence[OpenDebit], *, on: date, weeks: int = 8) -> list[Bar]:
    """What falls due in each week from this one on; what is overdue comes first, the rest is left out."""
    monday = on - timedelta(days=on.weekday())
    overdue = sum((debit.open for debit in debits if debit.due_date < on), ZERO)
    bars = [Bar(monday - WEEK, "Просрочено", overdue, is_past=True)]
    for number in range(weeks):
        start = monday + number * WEEK
        amount = sum(
            (
                debit.open
                for debit in debits
                if start <= debit.due_date < start + WEEK and debit.due_date >= on
            ),
            ZERO,
        )
        bars.append(Bar(start, f"{start:%d.%m}", amount))
    return bars
