"""Undoing entries, and what a document pays for by name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum

from finance.models import Allocation, LedgerEntry
from finance.services.allocation import allocations_replay

ZERO = Decimal("0.00")

Explicit = list[tuple[int, Decimal]]
"""The other entry of an explicit allocation, and its sum."""


def undo(
    entries: Iterable[LedgerEntry], *, at: datetime, comment: str, version: str = ""
) -> list[LedgerEntry]:
    """Reverse entries; each frees what it had paid for or was paid by. The contracts are locked.

    `version` is that of the facts which undo them, where they are known.
    """
    reversals = []
    since: dict[tuple[int, str], date] = {}
    for entry in entries:
        Allocation.objects.filter(Q(credit=entry) | Q(debit=entry), is_explicit=True).delete()
        reversals.append(_reversal(entry, at=at, comment=comment, version=version or entry.version))
        place = (entry.contract_id, entry.currency)
        since[place] = min(since.get(place, entry.business_date), entry.business_date)
    for (contract_id, currency), day in since.items():
        allocations_replay(contract_id, currency, since=day)
    return reversals


def _reversal(entry: LedgerEntry, *, at: datetime, comment: str, version: str) -> LedgerEntry:
    return LedgerEntry.objects.create(
        organization_id=entry.organization_id,
        legal_entity_id=entry.legal_entity_id,
        contract_id=entry.contract_id,
        currency=entry.currency,
        kind=entry.kind,
        document_key=entry.document_key,
        part_no=entry.part_no,
        version=version,
        document_number=entry.document_number,
        document_date=entry.document_date,
        business_date=entry.business_date,
        debit=entry.credit,
        credit=entry.debit,
        due_date=entry.business_date if entry.credit else None,
        order_reference=entry.order_reference,
        invoice_reference=entry.invoice_reference,
        shipment_key=entry.shipment_key,
        payment_key=entry.payment_key,
        paid_by_id=entry.paid_by_id,
        source=entry.source,
        recorded_by_id=entry.recorded_by_id,
        reverses=entry,
        comment=comment[:300],
        created_at=at,
    )


def explicit_of(entries: Sequence[LedgerEntry]) -> Explicit:
    """What explicit allocations the entries have: for their new versions."""
    rows = Allocation.objects.filter(Q(credit__in=entries) | Q(debit__in=entries), is_explicit=True)
    own = {entry.pk for entry in entries}
    return [
        (row.debit_id if row.credit_id in own else row.credit_id, row.amount) for row in rows.order_by("pk")
    ]


def explicit_again(entry: LedgerEntry, kept: Explicit) -> None:
    """Give a new version of a document what its old one paid for, as far as its sum goes."""
    left = entry.debit + entry.credit
    others = LedgerEntry.objects.filter(contract=entry.contract_id).in_bulk([pk for pk, _sum in kept])
    for pk, amount in kept:
        other, part = others.get(pk), min(amount, left)
        if other is None or part <= 0:
            continue
        debit, credit = (entry, other) if entry.debit else (other, entry)
        _name(credit, debit, part)
        left -= part


def named_settle(entry: LedgerEntry, names: Sequence[str]) -> None:
    """Let a credit pay for several documents that it names, in their order; one alone is in its own row."""
    if len(names) < 2 or not entry.credit:
        return
    debits: dict[str, list[LedgerEntry]] = defaultdict(list)
    found = LedgerEntry.objects.filter(
        Q(document_key__in=names) | Q(order_reference__in=names, kind="shipment"),
        contract=entry.contract_id,
        currency=entry.currency,
        debit__gt=0,
        reverses__isnull=True,
        reversed_by__isnull=True,
    ).annotate(
        taken=Sum(
            "covered__amount",
            filter=Q(covered__is_explicit=True) | Q(covered__date__lt=entry.business_date),
        )
    )
    for debit in found.order_by("due_date", "document_date", "document_key"):
        debits[debit.document_key].append(debit)
        debits[debit.order_reference].append(debit)
    left = entry.credit
    for debit in (debit for name in names for debit in debits[name]):
        taken: Decimal | None = debit.taken  # type: ignore[attr-defined]  # annotated above
        part = min(left, debit.debit - (taken or ZERO))
        if part > 0:
            _name(entry, debit, part)
            left -= part


def _name(credit: LedgerEntry, debit: LedgerEntry, amount: Decimal) -> None:
    Allocation.objects.create(
        credit=credit,
        debit=debit,
        amount=amount,
        date=max(credit.business_date, debit.business_date),
        is_explicit=True,
    )
