"""What to pay so that an order passes credit lines and block rules."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from counterparties.models import Contract
from counterparties.selectors.contract_terms import expiry_note
from finance.models import BlockRule, CreditOverride
from finance.selectors.block_scopes import firm_of, rules_of
from finance.selectors.blocks import is_stale
from finance.selectors.exposure import ContractCredit, KeyName, LineView, credit_view
from finance.selectors.lines import places_around
from finance.selectors.receivables import OpenDebit, open_debits
from finance.selectors.repaying import ANY_DAYS, Owed, Want, repay
from finance.selectors.shortfalls import CLOSED, STOPPING, shortfall_of
from finance.states import BlockAction, BlockCondition, CreditStatus
from portal.lib.dates import moscow_date

Day = date  # a field below has this name

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Payable:
    """A debit to pay, or (without an entry) a prepayment; `amount` may be a part of `open`."""

    entry_id: int | None
    contract_id: int
    document_key: str
    number: str
    date: Day | None
    due_date: Day | None
    open: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What frees an order, RUB: all `payables` together, or, where it is above nought, `advance` alone.

    `fits` is the most that passes with nothing paid; None where any sum does.
    """

    payables: tuple[Payable, ...] = ()
    advance: Decimal = ZERO
    fits: Decimal | None = ZERO


def ways_out(*, contract_id: int, need: Decimal, at: datetime) -> WaysOut:
    """The least money, for the oldest debts first and the last of them in part, that lets `need` pass.

    Lines count debts of all who draw on them, rules those of the whole firm: a payable may be of another
    contract. What debts do not suffice for is a prepayment. No payables where the order passes as it is, and
    where no payment would help: a line that is suspended or has run out, a contract that has ended, a rule
    that 1C's old balances stop by, a firm that 1C has stopped.
    """
    on = moscow_date(at)
    contract = Contract.objects.select_related("legal_entity__holding", "organization").get(pk=contract_id)
    rules = rules_of([contract], on=on)[contract_id]
    firm = frozenset(firm_of(contract))
    let_through = CreditOverride.objects.most_left(contract_id, on=on)
    around = credit_view(contract_ids=firm | set(places_around([contract_id])), on=on)
    case = _Case(
        contract=contract,
        need=need,
        rules=tuple(rule for rule in rules if rule.action != BlockAction.WARN and let_through < need),
        firm=firm,
        around=around,
        let_through=let_through,
    )
    if case.is_hopeless(at):
        return WaysOut()
    late, short = case.late(), case.short()
    fits = ZERO if late else case.fits()
    payers = firm.union(*(want.contracts for want in late))
    debits = open_debits(on=on, contract_ids=payers)
    lacks = max((want.left for want in short), default=ZERO)
    advance = Owed(contract_id, 0, case.advance(lacks, debits))
    owed = _in_order(case, payers, debits, advance)
    if not repay([*late, *short], owed):
        return WaysOut(fits=fits)
    is_alone = not late and (settings.CREDIT_ADVANCE_COVERS_RESERVE or lacks <= case.own.repayable)
    payables = sorted(_payables(owed, debits), key=lambda one: one.contract_id not in firm)
    return WaysOut(tuple(payables), lacks if is_alone else ZERO, fits)


@dataclass(frozen=True, slots=True)
class _Case:
    """An order on credit, the rules that stop such orders, and all contracts whose debts may count."""

    contract: Contract
    need: Decimal
    rules: tuple[BlockRule, ...]
    firm: frozenset[int]
    around: Mapping[int, ContractCredit]
    let_through: Decimal

    @property
    def own(self) -> ContractCredit:
        return self.around[self.contract.pk]

    @property
    def stopping(self) -> tuple[LineView, ...]:
        """Lines that are heeded: none where an override lets the whole order through."""
        short = shortfall_of(self.own, self.need, is_included=False)
        if short is None or short.amount <= self.let_through:
            return ()
        return tuple(line for line in self.own.lines if line.mode in STOPPING)

    def is_hopeless(self, at: datetime) -> bool:
        if self.contract.legal_entity.is_stopped_by_erp:
            return True
        on, as_of = moscow_date(at), self.own.as_of
        wanted = self.contract.organization.expired_contract
        if expiry_note(self.contract, on) and wanted != BlockAction.WARN:
            return True
        if any(line.status in CLOSED for line in self.stopping):
            return True
        stale = [rule for rule in self.rules if rule.condition == BlockCondition.STALE]
        return as_of is not None and any(is_stale(rule, as_of, at) for rule in stale)

    def members(self, line: LineView) -> frozenset[int]:
        return frozenset(
            pk for pk, view in self.around.items() if line.pk in {other.pk for other in view.lines}
        )

    def late(self) -> list[Want]:
        """What lines and rules want of overdue debts."""
        wants = [
            Want(self.members(line), line.grace_days, line.overdue - line.overdue_tolerance)
            for line in self.stopping
            if line.status == CreditStatus.OVERDUE
        ]
        for rule in self.rules:
            scope = self.firm if rule.contract_id is None else {self.contract.pk}
            if rule.condition == BlockCondition.OVERDUE_SUM:
                wants.append(
                    Want(scope, rule.grace_days, self._overdue(scope, rule.grace_days) - rule.threshold)
                )
            elif rule.condition == BlockCondition.OVERDUE_DAYS:
                days = rule.grace_days + int(rule.threshold)
                wants.append(Want(scope, days, self._overdue(scope, days)))
        return [want for want in wants if want.left > 0]

    def _overdue(self, scope: Collection[int], days: int) -> Decimal:
        return sum((self.around[pk].overdue_longer(days) for pk in scope), ZERO)

    def short(self) -> list[Want]:
        """By how much each line falls short; a rouble paid under it frees a rouble of it."""
        freeing = self._freeing()
        wants = [
            Want(self.members(line) & freeing, ANY_DAYS, self.need - left) for line, left in self._left()
        ]
        return [want for want in wants if want.left > 0]

    def _freeing(self) -> frozenset[int]:
        """Contracts whose debts use the limit wholly: no advance of their key stands against them."""
        debts: dict[KeyName, Decimal] = defaultdict(Decimal)
        for view in self.around.values():
            debts[view.key] += view.debt
        return frozenset(
            pk
            for pk, view in self.around.items()
            if view.repayable >= debts[view.key]
            or (view.key == self.own.key and settings.CREDIT_ADVANCE_COVERS_RESERVE)
        )

    def advance(self, lacks: Decimal, debits: Sequence[OpenDebit]) -> Decimal:
        """How much may be paid ahead; money that covers no reserve frees only what is owed."""
        if settings.CREDIT_ADVANCE_COVERS_RESERVE:
            return lacks
        owed = [one.open for one in debits if self.around[one.contract_id].key == self.own.key]
        return min(lacks, max(ZERO, self.own.repayable - sum(owed, ZERO)))

    def fits(self) -> Decimal | None:
        left = [left for _line, left in self._left()]
        return max(ZERO, min(left)) if left else None

    def _left(self) -> list[tuple[LineView, Decimal]]:
        """What each line that is heeded leaves, with what an override adds; all are where a rule asks."""
        more = self.own.own_advance + self.let_through
        by_rule = any(rule.condition == BlockCondition.LIMIT for rule in self.rules)
        return [
            *((line, line.available + more) for line in self.stopping),
            *((line, line.available + more) for line in self.own.lines if by_rule),
        ]


def _in_order(case: _Case, payers: Collection[int], debits: Sequence[OpenDebit], advance: Owed) -> list[Owed]:
    """Debts of the firm, the oldest first, then the advance, then debts that others have to pay."""
    own: dict[int, list[OpenDebit]] = {pk: [] for pk in payers}
    for debit in debits:
        own[debit.contract_id].append(debit)
    owed = []
    for pk, known in own.items():
        view = case.around[pk]
        is_told_worse = view.overdue > sum((one.open for one in known if one.overdue_days), ZERO)
        if is_told_worse:
            owed += [Owed(pk, days, amount) for days, amount in view.late]
        owed += [
            Owed(pk, one.overdue_days, one.open, one)
            for one in known
            if not is_told_worse or not one.overdue_days
        ]
    owed.sort(key=_term)
    ours = [one for one in owed if one.contract_id in case.firm]
    return [*ours, advance, *(one for one in owed if one.contract_id not in case.firm)]


def _term(one: Owed) -> tuple[int, Day]:
    return -one.days, one.debit.due_date if one.debit else Day.min


def _payables(owed: Sequence[Owed], debits: Sequence[OpenDebit]) -> list[Payable]:
    """What is paid by document; a sum without one goes to the oldest, and its rest is an advance."""
    paid = {one.debit.entry_id: one.paid for one in owed if one.debit is not None}
    loose: dict[int, Decimal] = defaultdict(Decimal)
    for one in owed:
        if one.debit is None:
            loose[one.contract_id] += one.paid
    found = []
    for debit in debits:
        own = paid.get(debit.entry_id, ZERO)
        more = min(loose[debit.contract_id], debit.open - own)
        loose[debit.contract_id] -= more
        if own + more:
            found.append(_payable(debit, own + more))
    advances = [(pk, rest) for pk, rest in loose.items() if rest]
    return found + [Payable(None, pk, "", "", None, None, rest, rest) for pk, rest in advances]


def _payable(debit: OpenDebit, amount: Decimal) -> Payable:
    return Payable(
        entry_id=debit.entry_id,
        contract_id=debit.contract_id,
        document_key=debit.document_key,
        number=debit.number,
        date=debit.date,
        due_date=debit.due_date,
        open=debit.open,
        amount=amount,
    )
