"""What parts of orders have been confirmed at: the sum that a limit is held for."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Max

from orders.models import OrderChangeLine, OrderPart
from orders.states import MADE_CHANGES


def confirmed_sums(parts: Sequence[OrderPart]) -> dict[int, Decimal]:
    """With VAT, by part: the sum of 1C, or what was ordered where 1C has told none.

    What the client has given up since 1C's last word counts for no more. One query at most.
    """
    sums = {part.pk: part.sum_now for part in parts}
    smaller = [part for part in parts if part.total < part.sum_now]
    changed = _changed_at(smaller) if smaller else {}
    for part in smaller:
        moment = changed.get(part.pk)
        if moment is not None and (part.erp_formed_at is None or moment > part.erp_formed_at):
            sums[part.pk] = part.total
    return sums


def _changed_at(parts: Sequence[OrderPart]) -> dict[int, datetime]:
    """When lines of parts were last made smaller."""
    lines = OrderChangeLine.objects.filter(line__part__in=parts, change__state__in=MADE_CHANGES)
    return dict(lines.values_list("line__part").annotate(at=Max("change__decided_at")))
