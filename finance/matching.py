"""Which money pays for what: the rule itself, over plain values, day by day.

What the rule gives depends on the set of entries alone, not on the order in which they came.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.states import LedgerKind

ZERO = Decimal("0.00")

PART = "part:"
"""How a part of an order is named."""

GOODS_BACK = frozenset({LedgerKind.RETURN, LedgerKind.CORR_DOWN})
"""They lessen their own shipment first."""

LINKED_KINDS = frozenset({LedgerKind.PAYMENT, LedgerKind.OFFSET, LedgerKind.TRANSFER, LedgerKind.OPENING})
"""A credit of these kinds with an order in it is an advance for that order."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The reserve of a reference: its total, and whether it is held still."""

    total: Decimal
    is_active: bool


def kept_cap(hold: Hold | None, shipped: Decimal) -> Decimal | None:
    """How much of the money linked to a part waits for its goods; None is all of it.

    A held part waits for what has not been shipped; one given up for nothing. Without a reserve (a prepaid
    order) the money waits until the part's first shipment.
    """
    if hold is not None:
        return max(ZERO, hold.total - shipped) if hold.is_active else ZERO
    return ZERO if shipped else None


def kept(linked: Decimal, cap: Decimal | None) -> Decimal:
    """The part of linked money that waits."""
    return linked if cap is None else min(linked, cap)


@dataclass(slots=True)
class Item:
    """An entry as the rule sees it; `open` is what is not allocated yet."""

    pk: int
    business_date: date
    document_date: date
    due_date: date | None
    document_key: str
    kind: str
    is_debit: bool
    amount: Decimal
    open: Decimal
    order_reference: str
    shipment_key: str
    reverses_id: int | None
    tie: str

    def is_overdue(self, day: date) -> bool:
        return self.due_date is not None and self.due_date < day

    @property
    def debit_order(self) -> tuple[date, date, str]:
        return (self.due_date or self.document_date, self.document_date, self.tie)

    @property
    def credit_order(self) -> tuple[date, date, str]:
        return (self.business_date, self.document_date, self.tie)

    @property
    def is_linked(self) -> bool:
        return self.order_reference.startswith(PART) and self.kind in LINKED_KINDS


@dataclass(frozen=True, slots=True)
class Match:
    """So much of a credit goes to a debit, on a day; more of it may follow on another day."""

    credit_id: int
    debit_id: int
    amount: Decimal
    date: date


class Matching:
    """Run the rule over open entries from a day on; `shipped` is what parts had been shipped before it."""

    def __init__(
        self, items: Sequence[Item], *, holds: Mapping[str, Hold], shipped: Mapping[str, Decimal]
    ) -> None:
        self._items = items
        self._holds = holds
        self._shipped = defaultdict(lambda: ZERO, shipped)
        self._to_come: set[str] = set()
        self._debits: list[Item] = []
        self._credits: list[Item] = []
        self._matches: dict[tuple[int, int, date], Match] = {}

    def run(self, since: date) -> list[Match]:
        """Match what is open; entries of a day come together, so their order means nothing."""
        self._undo_reversed()
        days: dict[date, list[Item]] = defaultdict(list)
        for item in self._items:
            days[max(item.business_date, since)].append(item)
            if item.is_debit and item.open:
                self._to_come.add(item.document_key)
        for day in sorted(days):
            fresh = self._add(days[day], since)
            self._directed(day, fresh)
            self._by_age(day)
            self._debits = [item for item in self._debits if item.open]
            self._credits = [item for item in self._credits if item.open]
        return list(self._matches.values())

    def _undo_reversed(self) -> None:
        """A reversal answers for the whole of what it reverses, before anybody else."""
        by_pk = {item.pk: item for item in self._items}
        for item in self._items:
            origin = by_pk.get(item.reverses_id or 0)
            if origin is not None:
                debit, credit = (item, origin) if item.is_debit else (origin, item)
                self._match(credit, debit, day=item.business_date)

    def _add(self, items: Sequence[Item], since: date) -> set[int]:
        for item in items:
            if item.kind == LedgerKind.SHIPMENT and item.order_reference and item.business_date >= since:
                self._shipped[item.order_reference] += item.amount if item.is_debit else -item.amount
            if item.is_debit:
                self._to_come.discard(item.document_key)
            if item.open:
                (self._debits if item.is_debit else self._credits).append(item)
        self._debits.sort(key=lambda item: item.debit_order)
        self._credits.sort(key=lambda item: item.credit_order)
        return {item.pk for item in items if item.business_date >= since}

    def _directed(self, day: date, fresh: Collection[int]) -> None:
        """Returned goods first, then money: to the document or the part that they name."""
        named = [item for item in self._credits if item.shipment_key or item.order_reference]
        fresh_debits = [item for item in self._debits if item.pk in fresh]
        for credit in sorted(named, key=lambda item: item.kind not in GOODS_BACK):
            for debit in self._debits if credit.pk in fresh else fresh_debits:
                is_payable = debit.pk in fresh or debit.is_overdue(day) or credit.kind in GOODS_BACK
                if credit.open and self._is_meant(credit, debit, is_payable):
                    self._match(credit, debit, day=day)

    def _is_meant(self, credit: Item, debit: Item, is_payable: bool) -> bool:
        """Whether the credit names the debit: its document outright, or its part of an order.

        Money for a part pays what leaves from then on, and what of the part is overdue. What has left
        and is not due can wait, the rest of the part needs an advance.
        """
        if credit.shipment_key and credit.shipment_key == debit.document_key:
            return True
        if credit.shipment_key or not is_payable or debit.kind != LedgerKind.SHIPMENT:
            return False
        return credit.order_reference.startswith(PART) and credit.order_reference == debit.order_reference

    def _by_age(self, day: date) -> None:
        """What is left and waits for nothing pays the oldest debts."""
        waiting: dict[str, Decimal | None] = {}
        for credit in self._credits:
            spare = self._spare(credit, waiting)
            for debit in self._debits:
                if spare <= 0:
                    break
                spare -= self._match(credit, debit, day=day, most=spare)

    def _spare(self, credit: Item, waiting: dict[str, Decimal | None]) -> Decimal:
        if credit.shipment_key in self._to_come:
            return ZERO
        if not credit.is_linked:
            return credit.open
        reference = credit.order_reference
        if reference not in waiting:
            waiting[reference] = kept_cap(self._holds.get(reference), self._shipped[reference])
        cap = waiting[reference]
        waits = kept(credit.open, cap)
        waiting[reference] = cap if cap is None else cap - waits
        return credit.open - waits

    def _match(self, credit: Item, debit: Item, *, day: date, most: Decimal | None = None) -> Decimal:
        amount = min(credit.open, debit.open) if most is None else min(credit.open, debit.open, most)
        if not amount:
            return ZERO
        credit.open -= amount
        debit.open -= amount
        known = self._matches.get((credit.pk, debit.pk, day))
        whole = amount + (known.amount if known else ZERO)
        self._matches[credit.pk, debit.pk, day] = Match(credit.pk, debit.pk, whole, day)
        return amount
