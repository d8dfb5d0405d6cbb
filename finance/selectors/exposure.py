"""How much of the credit lines is used: the formulas of exposure, for any contracts at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from finance.models import CreditLine
from finance.selectors.lines import Place, amount_of, level_of, lines_on, members_of, places_around
from finance.selectors.sums import ContractSums, contract_sums
from finance.states import CreditLineState, CreditMode, CreditStatus

ZERO = Decimal("0.00")
_WORST_FIRST = list(CreditStatus)


@dataclass(frozen=True, slots=True)
class LineView:
    """One credit line as it stands; `level` is holding, legal_entity or contract.

    `available` may be below zero, and leaves out the free advance that one contract has for itself.
    """

    pk: int
    level: str
    name: str
    limit: Decimal
    exposure: Decimal
    available: Decimal
    percent: int | None
    overdue: Decimal
    overdue_days: int
    grace_days: int
    overdue_tolerance: Decimal
    mode: CreditMode
    status: CreditStatus
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ContractCredit:
    """What a contract may still take on credit, in its currency.

    `available` is the least over the levels, with the contract's own free advance; None without a line
    at any level: unlimited. `limit` is that of the line which leaves least. Of `debt`, `prepayment` and
    `overdue` the worse of the ledger and 1C's balance counts; `is_mismatched` says that they differ.
    `late` is the overdue by its days. `key` names the settlement key, and `repayable` is how much of its
    exposure money takes off before it becomes an advance.
    """

    contract_id: int
    currency: str
    lines: tuple[LineView, ...]
    limit: Decimal | None
    exposure: Decimal
    available: Decimal | None
    own_advance: Decimal
    overdue: Decimal
    overdue_days: int
    status: CreditStatus
    is_mismatched: bool
    as_of: datetime | None
    debt: Decimal
    prepayment: Decimal
    reserved: Decimal
    late: tuple[tuple[int, Decimal], ...]
    key: "KeyName"
    repayable: Decimal

    def overdue_longer(self, days: int) -> Decimal:
        """What is overdue for more days than these."""
        return sum((amount for overdue, amount in self.late if overdue > days), ZERO)


def credit_view(*, contract_ids: Collection[int], on: date) -> dict[int, ContractCredit]:
    """How contracts stand on a Moscow date; a fixed number of queries whatever the contracts."""
    places = places_around(contract_ids)
    lines = lines_on(places.values(), on=on)
    sums = contract_sums(places, on=on)
    keys = _keys(places.values(), sums)
    members = members_of(lines, places.values())
    views = {line.pk: _line_view(line, amount_of(line), members[line.pk], sums, keys, on) for line in lines}
    above: dict[int, list[LineView]] = defaultdict(list)
    for line in lines:
        for place in members[line.pk]:
            above[place.contract_id].append(views[line.pk])
    return {
        pk: _contract_view(
            places[pk],
            tuple(above[pk]),
            sums[pk],
            keys[key_of(places[pk])],
            on,
        )
        for pk in contract_ids
        if pk in places
    }


@dataclass(slots=True)
class Key:
    """Sums of one settlement key: a contract, or all contracts of a legal entity with an organization."""

    debt: Decimal = ZERO
    free: Decimal = ZERO
    reserved: Decimal = ZERO

    @property
    def exposure(self) -> Decimal:
        if settings.CREDIT_ADVANCE_COVERS_RESERVE:
            return max(ZERO, self.debt + self.reserved - self.free)
        return max(ZERO, self.debt - self.free) + self.reserved

    @property
    def repayable(self) -> Decimal:
        """What of the exposure a payment takes off: where the setting says so, not what orders hold."""
        if settings.CREDIT_ADVANCE_COVERS_RESERVE:
            return self.exposure
        return max(ZERO, self.debt - self.free)

    @property
    def own_advance(self) -> Decimal:
        """What the key has paid ahead for anything."""
        if settings.CREDIT_ADVANCE_COVERS_RESERVE:
            return max(ZERO, self.free - self.debt - self.reserved)
        return ZERO


KeyName = tuple[int, int, str] | int


def key_of(place: Place) -> KeyName:
    """Across which contracts advances are set against debts: a setting."""
    if settings.CREDIT_NETTING == "counterparty":
        return (place.organization_id, place.entity_id, place.currency)
    return place.contract_id


def _keys(places: Iterable[Place], sums: Mapping[int, ContractSums]) -> dict[KeyName, Key]:
    keys: dict[KeyName, Key] = defaultdict(Key)
    for place in places:
        key, own = keys[key_of(place)], sums[place.contract_id]
        key.debt += own.open_debt + own.worse
        key.free += own.unapplied - own.linked
        key.reserved += own.reserved
    return keys


def _line_view(
    line: CreditLine,
    amount: Decimal,
    members: Sequence[Place],
    sums: Mapping[int, ContractSums],
    keys: Mapping[KeyName, Key],
    on: date,
) -> LineView:
    exposure = sum((keys[key].exposure for key in {key_of(place) for place in members}), ZERO)
    own = [sums[place.contract_id] for place in members]
    is_overdue_counted = not line.is_from_erp or all(row.forbids_overdue for row in own)
    overdue = sum((row.overdue(on, grace_days=line.grace_days) for row in own), ZERO)
    is_valid = line.state == CreditLineState.ACTIVE and (line.valid_until is None or on <= line.valid_until)
    limit = amount if is_valid else ZERO
    percent = int(exposure * 100 / limit) if limit else None
    is_near = any(row.is_due_soon(on) for row in own) or exposure * 100 >= limit * line.warn_percent
    return LineView(
        pk=line.pk,
        level=level_of(line),
        name=str(line.holding or line.legal_entity or line.contract),
        limit=limit,
        exposure=exposure,
        available=limit - exposure,
        percent=percent,
        overdue=overdue,
        overdue_days=max((row.overdue_days(on) for row in own), default=0),
        grace_days=line.grace_days,
        overdue_tolerance=line.overdue_tolerance,
        mode=CreditMode(line.mode),
        status=_status(
            line, on, is_overdue=is_overdue_counted and overdue > line.overdue_tolerance,
            is_exceeded=exposure > limit, is_near=is_near,
        ),
        valid_until=line.valid_until,
    )  # fmt: skip


def _status(
    line: CreditLine, on: date, *, is_overdue: bool, is_exceeded: bool, is_near: bool
) -> CreditStatus:
    """The worst that holds."""
    if line.state == CreditLineState.SUSPENDED:
        return CreditStatus.SUSPENDED
    if line.valid_until is not None and line.valid_until < on:
        return CreditStatus.EXPIRED
    if is_overdue:
        return CreditStatus.OVERDUE
    if is_exceeded:
        return CreditStatus.EXCEEDED
    return CreditStatus.WARNING if is_near else CreditStatus.OK


def _contract_view(
    place: Place, lines: tuple[LineView, ...], sums: ContractSums, key: Key, on: date
) -> ContractCredit:
    tightest = min(lines, key=lambda line: line.available, default=None)
    return ContractCredit(
        contract_id=place.contract_id,
        currency=place.currency,
        lines=lines,
        limit=None if tightest is None else tightest.limit,
        exposure=key.exposure,
        available=None if tightest is None else tightest.available + key.own_advance,
        own_advance=key.own_advance,
        overdue=sums.overdue(on),
        overdue_days=sums.overdue_days(on),
        status=min((line.status for line in lines), key=_WORST_FIRST.index, default=CreditStatus.OK),
        is_mismatched=sums.is_mismatched,
        as_of=sums.as_of,
        debt=sums.open_debt + sums.worse,
        prepayment=sums.unapplied,
        reserved=sums.reserved,
        late=sums.late(on),
        key=key_of(place),
        repayable=key.repayable,
    )
