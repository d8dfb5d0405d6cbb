"""How far an order is paid for."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from finance.selectors import paid_by_reference
from orders.models import ErpDocument, Order, OrderPart
from orders.states import ErpDocumentKind


class PaidState(models.TextChoices):
    """What the payments of an order come to."""

    UNPAID = "unpaid", _("Не оплачен")
    PARTLY = "partly", _("Оплачен частично")
    PAID = "paid", _("Оплачен")


def paid_state(*, total: Decimal, paid: Decimal) -> PaidState:
    """Compare the sum of payments with the order's total, both with VAT in the order's currency."""
    if paid >= total > 0:
        return PaidState.PAID
    return PaidState.PARTLY if paid > 0 else PaidState.UNPAID


def told_paid_by_part(orders: Collection[Order]) -> dict[int, Decimal]:
    """Money for each part by the word of 1C and of the portal's people, past the ledger; three queries.

    A part that 1C calls paid is paid wholly. What the portal has noted for an order beyond 1C's word fills
    its parts in turn.
    """
    parts: dict[int, list[OrderPart]] = defaultdict(list)
    for part in OrderPart.objects.filter(order__in=orders, is_cancelled=False).order_by("pk"):
        parts[part.order_id].append(part)
    papers = ErpDocument.objects.filter(
        part__order__in=orders, kind=ErpDocumentKind.PAYMENT, is_deleted=False
    )
    named = dict(papers.values_list("part").annotate(Sum("total", default=Decimal(0))))
    noted = paid_by_reference(order.reference for order in orders)
    paid: dict[int, Decimal] = {}
    for order in orders:
        known = {part: _erp_word(part, named.get(part.pk, Decimal(0))) for part in parts[order.pk]}
        beyond = max(Decimal(0), noted[order.reference] - sum(known.values(), Decimal(0)))
        for part, told in known.items():
            taken = min(beyond, max(Decimal(0), part.sum_now - told))
            beyond -= taken
            paid[part.pk] = told + taken
    return paid


def _erp_word(part: OrderPart, named: Decimal) -> Decimal:
    told = max(part.erp_paid_sum or Decimal(0), named)
    return max(told, part.sum_now, part.total) if part.is_paid else told  # 1C may have given a discount
