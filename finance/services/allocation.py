"""Allocations of a contract, made anew by the rule."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from finance.matching import Hold, Item, Matching
from finance.models import Allocation, LedgerEntry, Reservation, allocated
from finance.states import LedgerKind

ZERO = Decimal("0.00")


def allocations_replay(contract_id: int, currency: str, *, since: date | None = None) -> None:
    """Make the automatic allocations of a contract anew from a business date; explicit ones stay.

    What had been allocated before the date is left alone. The caller holds the contract's lock.
    """
    entries = LedgerEntry.objects.filter(contract=contract_id, currency=currency)
    first = since or entries.order_by("business_date").values_list("business_date", flat=True).first()
    if first is None:
        return
    own = Allocation.objects.filter(credit__contract=contract_id, credit__currency=currency)
    own.filter(is_explicit=False, date__gte=first).delete()
    items = _items(entries, first)
    references = {item.order_reference for item in items if item.is_linked and not item.is_debit}
    matching = Matching(items, holds=_holds(references), shipped=_shipped_before(entries, references, first))
    Allocation.objects.bulk_create(
        Allocation(credit_id=match.credit_id, debit_id=match.debit_id, amount=match.amount, date=match.date)
        for match in matching.run(first)
    )


def _items(entries: QuerySet[LedgerEntry], first: date) -> list[Item]:
    """What is open of the entries before the day, and all entries from it on."""
    used = allocated("credit") + allocated("debit")
    open_or_later = Q(business_date__gte=first) | Q(used__lt=F("debit") + F("credit"))
    return [_item(entry) for entry in entries.annotate(used=used).filter(open_or_later)]


def _item(entry: LedgerEntry) -> Item:
    amount = entry.debit + entry.credit
    used: Decimal = entry.used  # type: ignore[attr-defined]  # annotated above
    return Item(
        pk=entry.pk,
        business_date=entry.business_date,
        document_date=entry.document_date,
        due_date=entry.due_date,
        document_key=entry.document_key,
        kind=entry.kind,
        is_debit=entry.debit > 0,
        amount=amount,
        open=amount - used,
        order_reference=entry.order_reference,
        shipment_key=entry.shipment_key,
        reverses_id=entry.reverses_id,
        tie=f"{entry.document_key}/{entry.part_no}/{entry.version}",
    )


def _holds(references: Iterable[str]) -> dict[str, Hold]:
    rows = Reservation.objects.filter(reference__in=references).values_list("reference", "total", "is_active")
    return {reference: Hold(total, is_active) for reference, total, is_active in rows}


def _shipped_before(
    entries: QuerySet[LedgerEntry], references: Collection[str], first: date
) -> dict[str, Decimal]:
    rows = (
        entries.filter(order_reference__in=references, kind=LedgerKind.SHIPMENT, business_date__lt=first)
        .values_list("order_reference")
        .annotate(total=Sum(F("debit") - F("credit")))
    )
    return dict(rows)
