"""Line against line: which operations of the client's act are ours, one to one, and what remains.

The sides are in our words already: debit is what the client owes more, so his Кредит is our Дебет.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from documents.states import Verdict

WINDOW = timedelta(days=10)
"""So far apart may the days of one operation be where its number tells nothing."""
_FAR = timedelta(days=31)
_DIGITS = re.compile(r"\d+")
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of either act; `value` is debit − credit, so that red storno equals a credit."""

    position: int
    day: date | None
    number: str
    value: Decimal
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands against what; one side alone is missing in the other's books.

    `amount` is by how much our balance is above the client's because of it.
    """

    ours: Operation | None
    theirs: Operation | None
    verdict: Verdict

    @property
    def amount(self) -> Decimal:
        ours = self.ours.value if self.ours else _ZERO
        return ours - (self.theirs.value if self.theirs else _ZERO)

    @property
    def is_swapped(self) -> bool:
        """Whether the sum is the same and stands on the other side."""
        return bool(self.ours and self.theirs and self.ours.value == -self.theirs.value)


def number_key(number: str) -> str:
    """What is compared of a number: «УТ-1042», «УТ00-001042», «1042/3» are all «1042»."""
    digits = _DIGITS.findall(number.partition("/")[0])
    return digits[-1].lstrip("0") if digits else "".join(number.split()).casefold()


def matched(ours: Sequence[Operation], theirs: Sequence[Operation]) -> list[Pair]:
    """Pair all lines of both sides, each once; the same lines always give the same pairs.

    The surest signs first: number, date and sum; number and sum; date and sum; sum within ten days;
    then the same document with another sum, and the same sum on the other side. Ours come in their
    order, then what only the client has in his.
    """
    table = _Table(ours, theirs)
    table.join(lambda one: one.number and one.day and (number_key(one.number), one.day, one.value))
    table.join(lambda one: one.number and (number_key(one.number), one.value))
    table.join(lambda one: one.day and (one.day, one.value))
    table.join_near()
    table.join(lambda one: one.value, undated=True)
    table.join(lambda one: one.number and one.day and (number_key(one.number), one.day), is_sum_other=True)
    table.join(lambda one: one.number and number_key(one.number), is_sum_other=True, within=_FAR)
    table.join(
        lambda one: one.day and (one.day, one.value),
        lambda one: one.day and (one.day, -one.value),
        is_sum_other=True,
    )
    return table.pairs()


Sign = Callable[[Operation], Hashable]


class _Table:
    """What is not paired yet, and the pairs."""

    def __init__(self, ours: Sequence[Operation], theirs: Sequence[Operation]) -> None:
        self._ours = {one.position: one for one in ours}
        self._theirs = {one.position: one for one in theirs}
        self._found: list[Pair] = []

    def join(
        self,
        sign: Sign,
        theirs_sign: Sign | None = None,
        *,
        is_sum_other: bool = False,
        undated: bool = False,
        within: timedelta | None = None,
    ) -> None:
        """Pair lines with the same sign, in their order; a line without a sign waits for another rule."""
        waiting: dict[Hashable, deque[Operation]] = defaultdict(deque)
        for one in self._theirs.values():
            told = (theirs_sign or sign)(one)
            if told and not (undated and one.day):
                waiting[told].append(one)
        for one in list(self._ours.values()):
            queue = waiting.get(sign(one) or None)
            if queue and (within is None or _apart(one, queue[0]) <= within):
                self._pair(one, queue.popleft(), is_sum_other)

    def join_near(self) -> None:
        """Pair equal sums of days not far apart, the earliest with the earliest."""
        waiting = _by_value(self._theirs.values())
        for value, ours in _by_value(self._ours.values()).items():
            theirs = waiting.get(value, [])
            place = other = 0
            while place < len(ours) and other < len(theirs):
                gap = _day(ours[place]) - _day(theirs[other])
                if abs(gap) <= WINDOW:
                    self._pair(ours[place], theirs[other], False)
                    place, other = place + 1, other + 1
                elif gap < timedelta():
                    place += 1
                else:
                    other += 1

    def pairs(self) -> list[Pair]:
        alone = [Pair(one, None, Verdict.ONLY_OURS) for one in self._ours.values()]
        rest = [Pair(None, one, Verdict.ONLY_THEIRS) for one in self._theirs.values()]
        told = sorted(self._found + alone, key=lambda pair: pair.ours.position if pair.ours else 0)
        return told + rest

    def _pair(self, ours: Operation, theirs: Operation, is_sum_other: bool) -> None:
        del self._ours[ours.position], self._theirs[theirs.position]
        self._found.append(Pair(ours, theirs, _verdict(ours, theirs, is_sum_other)))


def _verdict(ours: Operation, theirs: Operation, is_sum_other: bool) -> Verdict:
    if is_sum_other:
        return Verdict.SUM_DIFFERS
    if theirs.day is not None and ours.day != theirs.day:
        return Verdict.DATE_DIFFERS
    return Verdict.MATCHED


def _by_value(lines: Iterable[Operation]) -> dict[Decimal, list[Operation]]:
    found: dict[Decimal, list[Operation]] = defaultdict(list)
    for one in sorted((one for one in lines if one.day), key=lambda one: (_day(one), one.position)):
        found[one.value].append(one)
    return found


def _day(one: Operation) -> date:
    return one.day or date.min


def _apart(ours: Operation, theirs: Operation) -> timedelta:
    if ours.day is None or theirs.day is None:
        return timedelta()
    return abs(ours.day - theirs.day)
