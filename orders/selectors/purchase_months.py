"""What was ordered in each month, for a chart."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from orders.models import Order
from orders.states import GIVEN_UP
from portal.lib.dates import MOSCOW

ROUBLE = "RUB"


def purchases_by_month(*, contract_ids: Collection[int], on: date, months: int = 12) -> dict[date, Decimal]:
    """Sums with VAT in roubles by the first of each month, the present one last; one query.

    Orders of the portal and of 1C alike, those that were given up left out.
    """
    starts = [_first(on, back) for back in range(months - 1, -1, -1)]
    rows = (
        Order.objects.filter(contract__in=contract_ids, currency=ROUBLE, submitted_at__date__gte=starts[0])
        .exclude(state__in=GIVEN_UP)
        .annotate(month=TruncMonth("submitted_at", tzinfo=MOSCOW))
        .values_list("month")
        .annotate(Sum("total"))
        .order_by()
    )
    sums = {month.date().replace(day=1): total for month, total in rows}
    return {start: sums.get(start, Decimal("0.00")) for start in starts}


def _first(on: date, back: int) -> date:
    """The first of the month so many months back."""
    number = on.year * 12 + on.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
