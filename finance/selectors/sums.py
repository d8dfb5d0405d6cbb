"""What the formulas of exposure are made of, by contract: one query whatever the contracts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from finance.matching import LINKED_KINDS, PART, Hold, kept, kept_cap
from finance.states import LedgerKind, LedgerSource

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

    def late(self, on: date) -> tuple[tuple[int, Decimal], ...]:
        """What is overdue by days, the oldest first."""
        found: dict[int, Decimal] = {}
        for day, amount in self.due:
            if day < on:
                days = (on - day).days
                found[days] = found.get(days, ZERO) + amount
        return tuple(sorted(found.items(), reverse=True))

    def overdue_days(self, on: date) -> int:
        return max((max((on - day).days, 0) for day, _amount in self.due), default=0)

    def is_due_soon(self, on: date) -> bool:
        return any(on <= day <= on + SOON for day, _amount in self.due)


# One statement for all of them, written by hand: it is asked under the locks of credit lines, where others
# wait, and Django takes longer to put eight of them together than PostgreSQL to answer. Open rests are those
# of `debits_left` and `credits_left`; what is applied is the same on both sides, so it is asked of debits
# alone, whose terms are asked for anyway. Each branch looks into the index of its contracts or references,
# whose conditions it repeats.
_FACTS = """
WITH linked AS MATERIALIZED (
    SELECT * FROM (
        SELECT contract_id, order_reference AS reference,
               credit - coalesce(
                   (SELECT sum(amount) FROM finance_allocation WHERE credit_id = entry.id), 0
               ) AS rest
          FROM finance_ledgerentry entry
         WHERE contract_id = ANY(%(contracts)s) AND credit > 0 AND kind = ANY(%(linked_kinds)s)
           AND order_reference LIKE %(part)s AND order_reference <> '' AND reverses_id IS NULL
    ) found WHERE rest > 0
), owed AS MATERIALIZED (
    SELECT contract_id, due_date, debit,
           coalesce((SELECT sum(amount) FROM finance_allocation WHERE debit_id = entry.id), 0) AS applied
      FROM finance_ledgerentry entry
     WHERE contract_id = ANY(%(contracts)s) AND debit > 0
), held AS MATERIALIZED (
    SELECT contract_id, reference, total, is_active FROM finance_reservation
     WHERE contract_id = ANY(%(contracts)s) AND is_active
     UNION ALL
    SELECT contract_id, reference, total, is_active FROM finance_reservation
     WHERE reference = ANY(ARRAY(SELECT reference FROM linked))
       AND contract_id = ANY(%(contracts)s) AND NOT is_active
)
SELECT 'balance', contract_id, '', NULL::date, sum(debit), sum(credit), NULL::boolean, NULL::timestamptz
  FROM finance_ledgerentry WHERE contract_id = ANY(%(contracts)s) GROUP BY contract_id
 UNION ALL
SELECT 'applied', contract_id, '', NULL, sum(applied), NULL, NULL, NULL FROM owed GROUP BY contract_id
 UNION ALL
SELECT 'linked', contract_id, reference, NULL, sum(rest), NULL, NULL, NULL
  FROM linked GROUP BY contract_id, reference
 UNION ALL
SELECT 'held', contract_id, reference, NULL, total, NULL, is_active, NULL FROM held
 UNION ALL
SELECT 'shipped', 0, order_reference, NULL, sum(debit - credit), NULL, NULL, NULL
  FROM finance_ledgerentry
 WHERE order_reference = ANY(ARRAY(SELECT reference FROM held UNION SELECT reference FROM linked))
   AND order_reference <> '' AND contract_id = ANY(%(contracts)s) AND kind = %(shipment)s
 GROUP BY order_reference
 UNION ALL
SELECT 'due', contract_id, '', due_date, debit - applied, NULL, NULL, NULL
  FROM owed WHERE due_date <= %(until)s AND debit > applied
 UNION ALL
SELECT 'settled', contract_id, CASE WHEN is_overdue_forbidden THEN 'forbidden' ELSE '' END, NULL,
       debt - prepayment, NULL, is_limited, as_of
  FROM finance_settlement WHERE contract_id = ANY(%(contracts)s)
 UNION ALL
SELECT 'told', settlement.contract_id, '', item.due_date, item.amount, NULL, NULL, NULL
  FROM finance_settlement settlement JOIN finance_overdueitem item ON item.settlement_id = settlement.id
 WHERE settlement.contract_id = ANY(%(contracts)s) AND item.due_date <= %(until)s
 UNION ALL
SELECT 'since', settlement.contract_id, '', NULL, sum(entry.debit - entry.credit), NULL, NULL, NULL
  FROM finance_settlement settlement JOIN finance_ledgerentry entry USING (contract_id)
 WHERE settlement.contract_id = ANY(%(contracts)s)
   AND CASE WHEN entry.source = %(erp)s
            THEN entry.business_date > (settlement.as_of AT TIME ZONE 'Europe/Moscow')::date
            ELSE entry.created_at > settlement.as_of END
 GROUP BY settlement.contract_id
"""


class Fact(NamedTuple):
    """A row of one branch; what the branch has no word for is None."""

    contract_id: int
    word: str
    day: date
    amount: Decimal
    other: Decimal
    flag: bool
    moment: datetime | None


Facts = Mapping[str, Sequence[Fact]]


def contract_sums(contract_ids: Collection[int], *, on: date) -> dict[int, ContractSums]:
    """Sums of contracts as the ledger and 1C have them now; terms are judged on a Moscow date.

    One query whatever the contracts.
    """
    sums = {pk: ContractSums() for pk in contract_ids}
    if not sums:
        return sums
    facts = _facts(sums, on)
    _add_balances(sums, facts)
    _add_held(sums, facts)
    for pk, days in _terms(facts["due"]).items():
        sums[pk].due = tuple(sorted(days))
    _add_control(sums, facts)
    return sums


def _facts(contract_ids: Iterable[int], on: date) -> Facts:
    """Rows of all branches, by the name of the branch."""
    asked: dict[str, Any] = {
        "contracts": list(contract_ids),
        "linked_kinds": [str(kind) for kind in LINKED_KINDS],
        "part": f"{PART}%",
        "shipment": str(LedgerKind.SHIPMENT),
        "erp": str(LedgerSource.ERP),
        "until": on + SOON,
    }
    found: dict[str, list[Fact]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, asked)
        for name, *row in cursor.fetchall():
            found[name].append(Fact(*row))
    return found


def _terms(rows: Iterable[Fact]) -> dict[int, list[tuple[date, Decimal]]]:
    """Days with their sums, by contract."""
    days: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in rows:
        days[row.contract_id].append((row.day, row.amount))
    return days


def _add_balances(sums: Mapping[int, ContractSums], facts: Facts) -> None:
    applied = {row.contract_id: row.amount for row in facts["applied"]}
    for row in facts["balance"]:
        own, spent = sums[row.contract_id], applied.get(row.contract_id) or ZERO
        own.open_debt, own.unapplied = row.amount - spent, row.other - spent
        own.has_entries = True


def _add_held(sums: Mapping[int, ContractSums], facts: Facts) -> None:
    """ΣR, and what of the linked money waits for its part."""
    holds = {row.word: (row.contract_id, Hold(row.amount, row.flag)) for row in facts["held"]}
    shipped = {row.word: row.amount for row in facts["shipped"]}
    waiting: dict[str, Decimal] = {}
    for row in facts["linked"]:
        hold = holds[row.word][1] if row.word in holds else None
        waits = kept(row.amount, kept_cap(hold, shipped.get(row.word, ZERO)))
        sums[row.contract_id].linked += waits
        waiting[row.word] = waits
    for reference, (pk, hold) in holds.items():
        if hold.is_active:
            rest = hold.total - shipped.get(reference, ZERO) - waiting.get(reference, ZERO)
            sums[pk].reserved += max(ZERO, rest)


def _add_control(sums: Mapping[int, ContractSums], facts: Facts) -> None:
    """1C's own balance: where it is larger, it counts. What the portal has learnt since is added to it.

    Learnt are entries of ours made since, and documents of later days.
    """
    terms = _terms(facts["told"])
    since = {row.contract_id: row.amount for row in facts["since"]}
    for row in facts["settled"]:
        own = sums[row.contract_id]
        own.as_of, own.is_limited, own.forbids_overdue = row.moment, row.flag, row.word == "forbidden"
        if row.moment is None:
            continue
        news = since.get(row.contract_id, ZERO)
        control = row.amount + news
        own.worse = max(ZERO, control - own.balance)
        own.is_mismatched = own.has_entries and control != own.balance
        told = _less(sorted(terms[row.contract_id]), max(ZERO, -news))
        if sum(amount for _day, amount in told) > sum(amount for _day, amount in own.due):
            own.due = told


def _less(due: list[tuple[date, Decimal]], paid: Decimal) -> tuple[tuple[date, Decimal], ...]:
    """Terms told by 1C, less what has been paid since, the oldest first."""
    left = []
    for day, amount in due:
        part = min(amount, paid)
        paid -= part
        if amount > part:
            left.append((day, amount - part))
    return tuple(left)
