"""What the formulas of exposure are made of, by contract: one query each, whatever the contracts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F, Q, Sum

from finance.matching import LINKED_KINDS, PART, Hold, kept, kept_cap
from finance.models import LedgerEntry, OverdueItem, Reservation, Settlement, allocated
from finance.states import LedgerKind, LedgerSource
from portal.lib.dates import moscow_date

ZERO = Decimal("0.00")

SOON = timedelta(days=3)
"""A term that comes so soon is a warning."""


@dataclass(slots=True)
class ContractSums:
    """Money of one contract, in its currency.

    `open_debt` is ΣO, `unapplied` ΣU, `linked` the part of ΣU that waits for goods of an order,
    `reserved` ΣR, `worse` by how much 1C's balance is worse than the ledger's.
    """

    open_debt: Decimal = ZERO
    unapplied: Decimal = ZERO
    linked: Decimal = ZERO
    reserved: Decimal = ZERO
    worse: Decimal = ZERO
    has_entries: bool = False
    is_mismatched: bool = False
    as_of: datetime | None = None
    is_limited: bool = False
    forbids_overdue: bool = True
    due: tuple[tuple[date, Decimal], ...] = ()

    @property
    def balance(self) -> Decimal:
        return self.open_debt - self.unapplied

    def overdue(self, on: date, *, grace_days: int = 0) -> Decimal:
        """What is overdue for longer than the grace, RUB."""
        return sum((amount for day, amount in self.due if (on - day).days > grace_days), ZERO)

    def overdue_days(self, on: date) -> int:
        return max((max((on - day).days, 0) for day, _amount in self.due), default=0)

    def is_due_soon(self, on: date) -> bool:
        return any(on <= day <= on + SOON for day, _amount in self.due)


def contract_sums(contract_ids: Collection[int], *, on: date) -> dict[int, ContractSums]:
    """Sums of contracts as the ledger and 1C have them now; terms are judged on a Moscow date."""
    sums = {pk: ContractSums() for pk in contract_ids}
    _add_balances(sums)
    _add_held(sums)
    _add_due(sums, on)
    _add_control(sums, on)
    return sums


def _add_balances(sums: Mapping[int, ContractSums]) -> None:
    entries = LedgerEntry.objects.filter(contract__in=sums).values_list("contract")
    applied = dict(
        LedgerEntry.objects.filter(contract__in=sums, credit__gt=0)
        .annotate(applied=allocated("credit"))
        .values_list("contract")
        .annotate(total=Sum("applied"))
    )
    for pk, debit, credit in entries.annotate(Sum("debit"), Sum("credit")):
        spent = applied.get(pk, ZERO)
        sums[pk].open_debt, sums[pk].unapplied = debit - spent, credit - spent
        sums[pk].has_entries = True


def _add_held(sums: Mapping[int, ContractSums]) -> None:
    """ΣR, and what of the linked money waits for its part."""
    linked = _linked_money(sums)
    held = Reservation.objects.filter(contract__in=sums)
    known = held.filter(Q(is_active=True) | Q(reference__in={reference for _pk, reference in linked}))
    holds = {row.reference: (row.contract_id, Hold(row.total, row.is_active)) for row in known}
    shipped = _shipped(sums, {*holds, *(reference for _pk, reference in linked)})
    waiting: dict[str, Decimal] = {}
    for (pk, reference), money in linked.items():
        hold = holds[reference][1] if reference in holds else None
        waits = kept(money, kept_cap(hold, shipped.get(reference, ZERO)))
        sums[pk].linked += waits
        waiting[reference] = waits
    for reference, (pk, hold) in holds.items():
        if hold.is_active:
            rest = hold.total - shipped.get(reference, ZERO) - waiting.get(reference, ZERO)
            sums[pk].reserved += max(ZERO, rest)


def _linked_money(sums: Mapping[int, ContractSums]) -> dict[tuple[int, str], Decimal]:
    """Unapplied credits that name a part, by contract and part."""
    advances = (
        LedgerEntry.objects.filter(
            contract__in=sums,
            kind__in=LINKED_KINDS,
            order_reference__startswith=PART,
            reverses__isnull=True,
        )
        .exclude(order_reference="")  # said once more: so is the index
        .credits_left()
        .values_list("contract_id", "order_reference", F("left"))
    )
    money: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for contract_id, reference, rest in advances:
        money[contract_id, reference] += rest
    return dict(money)


def _shipped(sums: Mapping[int, ContractSums], references: Collection[str]) -> dict[str, Decimal]:
    rows = (
        LedgerEntry.objects.filter(
            contract__in=sums, kind=LedgerKind.SHIPMENT, order_reference__in=references
        )
        .values_list("order_reference")
        .annotate(total=Sum(F("debit") - F("credit")))
    )
    return dict(rows)


def _add_due(sums: Mapping[int, ContractSums], on: date) -> None:
    """Open debits whose term has come or comes soon."""
    debits = (
        LedgerEntry.objects.filter(contract__in=sums, due_date__lte=on + SOON)
        .debits_left()
        .values_list("contract_id", "due_date", F("left"))
    )
    found: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for pk, day, rest in debits:
        found[pk].append((day, rest))
    for pk, rows in found.items():
        sums[pk].due = tuple(sorted(rows))


def _add_control(sums: Mapping[int, ContractSums], on: date) -> None:
    """1C's own balance: where it is larger, it counts. What the portal has learnt since is added to it."""
    settlements = {row.contract_id: row for row in Settlement.objects.filter(contract__in=sums)}
    since = _since(settlements)
    items = OverdueItem.objects.filter(settlement__contract__in=sums, due_date__lte=on + SOON)
    due: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for pk, day, amount in items.values_list("settlement__contract", "due_date", "amount"):
        due[pk].append((day, amount))
    for pk, row in settlements.items():
        own = sums[pk]
        own.as_of, own.is_limited = row.as_of, row.is_limited
        own.forbids_overdue = row.is_overdue_forbidden
        if row.as_of is None:
            continue
        news = since.get(pk, ZERO)
        control = row.debt - row.prepayment + news
        own.worse = max(ZERO, control - own.balance)
        own.is_mismatched = own.has_entries and control != own.balance
        told = _less(sorted(due[pk]), max(ZERO, -news))
        if sum(amount for _day, amount in told) > sum(amount for _day, amount in own.due):
            own.due = told


def _since(settlements: Mapping[int, Settlement]) -> dict[int, Decimal]:
    """What moved after 1C's balance: entries of ours made since, and documents of later days."""
    later = Q(pk__in=[])
    for pk, row in settlements.items():
        if row.as_of is not None:
            is_ours = ~Q(source=LedgerSource.ERP) & Q(created_at__gt=row.as_of)
            is_next_day = Q(source=LedgerSource.ERP, business_date__gt=moscow_date(row.as_of))
            later |= Q(contract=pk) & (is_ours | is_next_day)
    rows = LedgerEntry.objects.filter(later).values_list("contract")
    return dict(rows.annotate(total=Sum(F("debit") - F("credit"))))


def _less(due: list[tuple[date, Decimal]], paid: Decimal) -> tuple[tuple[date, Decimal], ...]:
    """Terms told by 1C, less what has been paid since, the oldest first."""
    left = []
    for day, amount in due:
        part = min(amount, paid)
        paid -= part
        if amount > part:
            left.append((day, amount - part))
    return tuple(left)
