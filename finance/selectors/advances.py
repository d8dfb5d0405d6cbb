"""Money paid ahead for parts of orders."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Sum

from finance.matching import LINKED_KINDS
from finance.models import LedgerEntry, LedgerEntryQuerySet

ZERO = Decimal("0.00")


def advance_by_reference(references: Iterable[str]) -> dict[str, Decimal]:
    """Credits linked to parts that pay for nothing yet: A of the formula; one query."""
    rows = _linked(references).credits_left().values_list("order_reference", F("left"))
    paid: dict[str, Decimal] = {}
    for reference, rest in rows:
        paid[reference] = paid.get(reference, ZERO) + rest
    return paid


def paid_by_part(references: Iterable[str]) -> dict[str, Decimal]:
    """All money that came for parts, spent or not; without what was reversed."""
    rows = _linked(references).filter(reversed_by__isnull=True).values_list("order_reference")
    return dict(rows.annotate(total=Sum("credit")))


def _linked(references: Iterable[str]) -> LedgerEntryQuerySet:
    return LedgerEntry.objects.filter(
        order_reference__in=set(references), credit__gt=0, kind__in=LINKED_KINDS, reverses__isnull=True
    )
