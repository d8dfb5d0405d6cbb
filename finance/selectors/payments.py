"""Reads of payments."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum

from finance.models import Payment


def paid_by_reference(references: Iterable[str]) -> dict[str, Decimal]:
    """Sum of payments per reference, zero where there are none; one query, none for no references."""
    paid = dict.fromkeys(references, Decimal("0.00"))
    if paid:
        rows = Payment.objects.filter(reference__in=paid).values_list("reference").annotate(Sum("amount"))
        paid.update(rows)
    return paid


def payments_for(reference: str) -> QuerySet[Payment]:
    """Payments of one reference, oldest first."""
    return Payment.objects.filter(reference=reference).select_related("recorded_by").order_by("paid_on", "pk")
