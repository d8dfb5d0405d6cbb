"""Why lines of two acts differ, as far as the lines themselves tell."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from documents.acts.matching import Operation, Pair, number_key
from documents.states import Verdict
from finance.states import LedgerKind
from finance.workdays import WorkDays
from portal.lib.dates import format_date
from portal.lib.money import format_money

TRANSIT_DAYS = 3
"""Working days that money or goods may be on their way."""

_RETURNS = frozenset({LedgerKind.RETURN, LedgerKind.CORR_DOWN, LedgerKind.CORR_UP})
_MONEY = frozenset({LedgerKind.PAYMENT, LedgerKind.REFUND})


@dataclass(frozen=True, slots=True)
class Found:
    """A pair with its likely cause; an empty one is not known."""

    pair: Pair
    cause: str


def with_causes(pairs: Sequence[Pair], *, period_to: date, days: WorkDays) -> list[Found]:
    """Add the likely cause to all pairs; those that match have none."""
    return _Causes(pairs, _transit_from(period_to, days)).told()


def _transit_from(period_to: date, days: WorkDays) -> date:
    """The earliest day whose money may have come after the period: three working days from its end."""
    day, left = period_to, TRANSIT_DAYS
    while left:
        left -= days.is_working(day)
        if left:
            day -= timedelta(days=1)
    return day


class _Causes:
    def __init__(self, pairs: Sequence[Pair], transit_from: date) -> None:
        self._pairs = pairs
        self._transit_from = transit_from
        self._ours = Counter(_same(pair.ours) for pair in pairs if pair.ours)
        self._theirs = Counter(_same(pair.theirs) for pair in pairs if pair.theirs)
        self._returns = {
            abs(pair.ours.value): pair.ours
            for pair in pairs
            if pair.ours and not pair.theirs and pair.ours.kind in _RETURNS
        }

    def told(self) -> list[Found]:
        return [Found(pair, self._cause(pair)) for pair in self._pairs]

    def _cause(self, pair: Pair) -> str:
        match pair.verdict:
            case Verdict.SUM_DIFFERS:
                return self._of_sum(pair)
            case Verdict.DATE_DIFFERS:
                return _of_date(pair)
            case Verdict.ONLY_OURS if pair.ours:
                return self._of_ours(pair.ours)
            case Verdict.ONLY_THEIRS if pair.theirs:
                return self._of_theirs(pair.theirs)
        return ""

    def _of_sum(self, pair: Pair) -> str:
        if pair.is_swapped:
            return _("Перепутана сторона: дебет вместо кредита или знак суммы")
        back = self._returns.get(abs(pair.amount))
        if back is not None:
            return _("Разница равна операции «{title}», которой нет у вас").format(title=back.title)
        return _("Один документ, разница {sum} ₽").format(sum=format_money(pair.amount))

    def _of_ours(self, one: Operation) -> str:
        if self._ours[_same(one)] > 1 and self._ours[_same(one)] > self._theirs[_same(one)] > 0:
            return _("Похоже, операция задвоена у нас")
        if one.kind == LedgerKind.RETURN:
            return _("Возврат ещё не проведён у вас")
        if one.kind in _RETURNS:
            return _("Корректировка ещё не проведена у вас")
        if one.day and one.day >= self._transit_from:
            if one.kind in _MONEY:
                return _("Платёж последних дней периода: у вас он может быть в следующем")
            return _("Отгрузка последних дней периода: у вас её могли принять позже")
        return ""

    def _of_theirs(self, one: Operation) -> str:
        if self._theirs[_same(one)] > 1 and self._theirs[_same(one)] > self._ours[_same(one)] > 0:
            return _("Похоже, операция задвоена у вас")
        name = one.title.casefold()
        if "возврат" in name:
            return _("Возврат ещё не проведён у нас")
        if "корректир" in name:
            return _("Корректировка ещё не проведена у нас")
        if one.value < 0 and one.day and one.day >= self._transit_from:
            return _("Платёж в пути: к нам он мог прийти уже после конца периода")
        return ""


def _of_date(pair: Pair) -> str:
    if pair.ours is None or pair.ours.day is None:
        return ""
    day = format_date(pair.ours.day)
    if pair.ours.kind in _MONEY:
        return _("Дата валютирования: деньги пришли к нам {day}").format(day=day)
    return _("Дата документа у нас {day}").format(day=day)


def _same(one: Operation) -> tuple[str, Decimal] | tuple[date | None, Decimal]:
    """What a doubled operation shares with the first one."""
    return (number_key(one.number), one.value) if one.number else (one.day, one.value)
