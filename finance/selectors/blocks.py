"""Whether an order may be placed: block rules and credit lines together."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial

from django.utils.translation import gettext as _

from counterparties.models import Contract
from counterparties.selectors.contract_terms import expiry_note
from finance.models import BlockRule, CreditOverride
from finance.selectors.block_scopes import Ruled, firm_of, rules_of
from finance.selectors.exposure import ContractCredit, LineView, credit_view
from finance.selectors.lines import has_lines
from finance.selectors.payment_terms import deferred_contracts
from finance.selectors.receivables import OpenDebit, open_debits
from finance.selectors.shortfalls import CLOSED, Shortfall, shortfall_of
from finance.states import BlockAction, BlockCondition, CreditMode, CreditStatus, PaymentTerms
from portal.lib.dates import format_moment, moscow_date
from portal.lib.money import format_money

ZERO = Decimal("0.00")
_MILDEST_FIRST = list(BlockAction)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the rule as the client reads it, a sentence, the sum, and the documents to pay."""

    rule: str
    text: str
    amount: Decimal
    documents: tuple[OpenDebit, ...] = ()
    is_money: bool = True
    """Whether it tells what is owed, which not everybody may read."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The strictest of what the rules say; without an action the order passes."""

    action: BlockAction | None
    reasons: tuple[Reason, ...] = ()
    is_ruled: bool = False
    """Whether any rule was asked: by a later moment it may say otherwise."""
    is_limit_asked: bool = False
    """Whether a rule that stops orders looked at what credit lines leave: it holds only under their lock."""
    by_rules: BlockAction | None = None
    """What the rules alone say."""
    let_through: Decimal = ZERO
    """What is to be taken of a manager's permission, in spite of rules, beside what the lines take of it."""

    @property
    def rules(self) -> str:
        """Names of the rules alone, without what is owed."""
        return ", ".join(dict.fromkeys(reason.rule for reason in self.reasons))

    @property
    def is_money(self) -> bool:
        """Whether any reason tells what is owed."""
        return any(reason.is_money for reason in self.reasons)

    @property
    def text(self) -> str:
        """All reasons in one line."""
        return " ".join(f"{reason.rule}: {reason.text}" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class _Case:
    """What the rules look at: the order, and how its contract and its legal entity stand."""

    need: Decimal
    terms: PaymentTerms
    credit: ContractCredit
    firm: tuple[ContractCredit, ...]
    debits: tuple[OpenDebit, ...]
    at: datetime

    @property
    def is_on_credit(self) -> bool:
        return self.terms == PaymentTerms.CREDIT

    def overdue(self, rule: BlockRule) -> tuple[OpenDebit, ...]:
        """Debts overdue beyond the grace: of the contract where the rule is of one, else of the firm."""
        return tuple(
            debit
            for debit in self.debits
            if debit.overdue_days > rule.grace_days
            and (rule.contract_id is None or debit.contract_id == rule.contract_id)
        )

    def told_overdue(self, rule: BlockRule) -> tuple[Decimal, int]:
        """Sum overdue beyond the grace and days overdue, as the worse of the ledger and 1C has them."""
        views = [self.credit] if rule.contract_id else list(self.firm)
        days = max((credit.overdue_days for credit in views), default=0)
        return sum((credit.overdue_longer(rule.grace_days) for credit in views), ZERO), days

    def behind(self, line: LineView) -> tuple[OpenDebit, ...]:
        """Debts of the firm whose payment opens a line: overdue ones where it stops for them."""
        if line.status in CLOSED:
            return ()
        under = {credit.contract_id for credit in self.firm if line.pk in {own.pk for own in credit.lines}}
        grace = line.grace_days if line.status == CreditStatus.OVERDUE else -1
        return tuple(
            debit for debit in self.debits if debit.contract_id in under and debit.overdue_days > grace
        )


def order_decision(
    *, contract_id: int, need: Decimal, terms: PaymentTerms, at: datetime, references: Collection[str] = ()
) -> Decision:
    """Decide on an order of `need` RUB with VAT under a contract.

    Credit lines look at orders on credit alone, rules at all of them; a rule that asks for prepayment is
    content with a prepaid order. A contract that has ended speaks as its organization has set; a firm that
    1C has stopped orders nothing. A manager's permission for any order of the contract, or for one of
    `references`, lifts lines and rules up to its sum.
    """
    on = moscow_date(at)
    contract = Contract.objects.select_related("legal_entity__holding", "organization").get(pk=contract_id)
    rules = rules_of([contract], on=on)[contract_id]
    ended = [*_by_erp(contract), *_by_term(contract, terms, on)]
    if not rules and not has_lines([contract_id]):
        return _strictest(ended)
    firm_ids = firm_of(contract)
    views = credit_view(contract_ids=firm_ids, on=on)
    case = _Case(
        need=need,
        terms=terms,
        credit=views[contract_id],
        firm=tuple(views.values()),
        debits=tuple(open_debits(on=on, contract_ids=firm_ids)),
        at=at,
    )
    left = cache(partial(_let_through, contract_id, references, on))
    ruled, let_through = _lifted(_by_rules(rules, case), case, left)
    found = _strictest([*ended, *ruled, *_by_lines(case, left)])
    is_limit_asked = bool(case.credit.lines) and terms == PaymentTerms.CREDIT and _stops_by_limit(rules)
    return replace(
        found,
        is_ruled=bool(rules),
        is_limit_asked=is_limit_asked,
        by_rules=_strictest(ruled).action,
        let_through=let_through,
    )


def rules_stopping(
    ruled: Mapping[int, Ruled],
    *,
    needs: Mapping[int, Decimal],
    views: Mapping[int, ContractCredit],
    at: datetime,
) -> dict[int, tuple[Reason, ...]]:
    """Why rules let no order of so much (RUB with VAT) on credit pass, by contract; rules that warn left out.

    `ruled` is by contract, `views` of these and of all of their firms. Who may not pay later pays before
    anyway: a rule that asks for it stops none of his orders. One query where any debt is overdue, one where
    a rule asks for prepayment.
    """
    on = moscow_date(at)
    asked = [pk for pk, own in ruled.items() if any(_asks_prepayment(rule) for rule in own.rules)]
    deferred = deferred_contracts(asked, on=on) if asked else set()
    late = {pk for one in ruled.values() for pk in one.firm if views[pk].overdue}
    debits: dict[int, list[OpenDebit]] = {}
    for debit in open_debits(on=on, contract_ids=late) if late else ():
        debits.setdefault(debit.contract_id, []).append(debit)
    found = {}
    for pk, own in ruled.items():
        case = _Case(
            need=needs[pk],
            terms=PaymentTerms.CREDIT,
            credit=views[pk],
            firm=tuple(views[one] for one in own.firm),
            debits=tuple(debit for one in own.firm for debit in debits.get(one, ())),
            at=at,
        )
        stopping = [
            rule
            for rule in own.rules
            if rule.action != BlockAction.WARN and (pk in deferred or not _asks_prepayment(rule))
        ]
        if reasons := tuple(reason for _rule, reason in _by_rules(stopping, case)):
            found[pk] = reasons
    return found


def _stops_by_limit(rules: Iterable[BlockRule]) -> bool:
    return any(rule.condition == BlockCondition.LIMIT and rule.action != BlockAction.WARN for rule in rules)


def _asks_prepayment(rule: BlockRule) -> bool:
    return rule.action == BlockAction.PREPAYMENT


def _strictest(found: Sequence[tuple[BlockAction, Reason]]) -> Decision:
    if not found:
        return Decision(None)
    return Decision(
        action=max((action for action, _reason in found), key=_MILDEST_FIRST.index),
        reasons=tuple(reason for _action, reason in found),
    )


def _by_erp(contract: Contract) -> list[tuple[BlockAction, Reason]]:
    """1C takes no new orders of the firm; why is for the seller's people, in the admin."""
    if not contract.legal_entity.is_stopped_by_erp:
        return []
    text = _("Поставщик приостановил новые заказы этого юрлица. Обратитесь к менеджеру.")
    return [(BlockAction.BLOCK, Reason(_("Заказы остановлены"), text, ZERO, is_money=False))]


def _by_term(contract: Contract, terms: PaymentTerms, on: date) -> list[tuple[BlockAction, Reason]]:
    """What the organization wants of orders under a contract whose last day has passed."""
    note = expiry_note(contract, on)
    if not note:
        return []
    wanted = BlockAction(contract.organization.expired_contract)
    if wanted == BlockAction.PREPAYMENT and terms == PaymentTerms.PREPAID:
        wanted = BlockAction.WARN
    return [(wanted, Reason(_("Срок договора"), note, ZERO, is_money=False))]


def _by_rules(rules: Iterable[BlockRule], case: _Case) -> list[tuple[BlockRule, Reason]]:
    found = []
    for rule in rules:
        if rule.action == BlockAction.PREPAYMENT and case.terms == PaymentTerms.PREPAID:
            continue
        reason = _CONDITIONS[BlockCondition(rule.condition)](rule, case)
        if reason is not None:
            found.append((rule, reason))
    return found


def _lifted(
    found: Iterable[tuple[BlockRule, Reason]], case: _Case, left: Callable[[], Decimal]
) -> tuple[list[tuple[BlockAction, Reason]], Decimal]:
    """What rules say when a manager's permission has lifted those that stop, and how much of it that takes.

    What the lines take of it when the sum is held is left to them.
    """
    said = [(BlockAction(rule.action), reason) for rule, reason in found]
    stopping = [(rule, reason) for rule, reason in found if rule.action != BlockAction.WARN]
    if not stopping:
        return said, ZERO
    wanted = max(_wanted(rule, reason, case) for rule, reason in stopping)
    if wanted > left():
        return said, ZERO
    short = shortfall_of(case.credit, case.need, is_included=False) if case.is_on_credit else None
    by_lines = ZERO if short is None else short.amount
    warned = [one for one in said if one[0] == BlockAction.WARN]
    return warned, max(ZERO, wanted - by_lines)


def _wanted(rule: BlockRule, reason: Reason, case: _Case) -> Decimal:
    """How much a permission has to let through: what the limit lacks, of other rules the whole order."""
    return min(reason.amount, case.need) if rule.condition == BlockCondition.LIMIT else case.need


def _overdue_sum(rule: BlockRule, case: _Case) -> Reason | None:
    amount, _days = case.told_overdue(rule)
    if amount <= rule.threshold:
        return None
    text = _("Просроченный долг {amount} ₽, допускается {threshold} ₽.").format(
        amount=format_money(amount), threshold=format_money(rule.threshold)
    )
    return Reason(rule.name, text, amount, case.overdue(rule))


def _overdue_days(rule: BlockRule, case: _Case) -> Reason | None:
    amount, days = case.told_overdue(rule)
    if not amount or days <= rule.threshold + rule.grace_days:
        return None
    text = _("Долг {amount} ₽ просрочен на {days} дн.").format(amount=format_money(amount), days=days)
    return Reason(rule.name, text, amount, case.overdue(rule))


def _limit(rule: BlockRule, case: _Case) -> Reason | None:
    available = case.credit.available
    asked = case.need if case.terms == PaymentTerms.CREDIT else ZERO
    if available is None or asked <= available:
        return None
    text = _("Не хватает кредитного лимита: нужно {need} ₽, доступно {left} ₽.").format(
        need=format_money(asked), left=format_money(available)
    )
    return Reason(rule.name, text, asked - available, _of_contract(case))


def _stale(rule: BlockRule, case: _Case) -> Reason | None:
    """1C has told balances once, and for long no more; where it never does, nothing is stale."""
    as_of = case.credit.as_of
    if as_of is None or not is_stale(rule, as_of, case.at):
        return None
    text = _("Данные о расчетах устарели: они на {moment}.").format(moment=format_moment(as_of))
    return Reason(rule.name, text, ZERO)


def is_stale(rule: BlockRule, as_of: datetime, at: datetime) -> bool:
    """Whether balances of a moment are older than the rule allows."""
    return at - as_of > timedelta(hours=float(rule.threshold))


_CONDITIONS: dict[BlockCondition, Callable[[BlockRule, _Case], Reason | None]] = {
    BlockCondition.OVERDUE_SUM: _overdue_sum,
    BlockCondition.OVERDUE_DAYS: _overdue_days,
    BlockCondition.LIMIT: _limit,
    BlockCondition.STALE: _stale,
}


def _by_lines(case: _Case, left: Callable[[], Decimal]) -> list[tuple[BlockAction, Reason]]:
    """What stops a line that blocks is a block, what only a warning line says is a warning."""
    if not case.is_on_credit:
        return []
    stopped = shortfall_of(case.credit, case.need, is_included=False)
    if stopped is not None and stopped.amount > left():
        return [(BlockAction.BLOCK, _line_reason(stopped, case))]
    warned = shortfall_of(case.credit, case.need, is_included=False, modes=frozenset({CreditMode.WARN}))
    return [] if warned is None else [(BlockAction.WARN, _line_reason(warned, case))]


def _let_through(contract_id: int, references: Collection[str], on: date) -> Decimal:
    return CreditOverride.objects.most_left(contract_id, on=on, references=references)


def _line_reason(shortfall: Shortfall, case: _Case) -> Reason:
    return Reason(_("Кредитная линия"), str(shortfall.refusal), shortfall.amount, case.behind(shortfall.line))


def _of_contract(case: _Case) -> tuple[OpenDebit, ...]:
    return tuple(debit for debit in case.debits if debit.contract_id == case.credit.contract_id)
