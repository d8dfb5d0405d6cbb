"""Where an order ought to stand by what 1C has told of its parts and papers."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from finance.selectors import paid_by_reference
from orders.models import ErpDocument, Order, OrderPart
from orders.selectors.erp import due, erp_paid, is_wholly, told_paid
from orders.standing import PartStanding, order_standing
from orders.states import ErpDocumentKind, OrderState


def erp_standing(order: Order) -> OrderState:
    """The state by the facts that are here; three queries."""
    parts = list(OrderPart.objects.filter(order=order).order_by("pk"))
    papers = list(ErpDocument.objects.filter(part__in=parts, is_deleted=False))
    paid = paid_by_reference([order.reference])[order.reference]
    return standing_of(parts, papers, paid=paid)


def standing_of(parts: Sequence[OrderPart], papers: Sequence[ErpDocument], *, paid: Decimal) -> OrderState:
    """The same of rows that are at hand; `paid` is what was noted on the portal. No queries."""
    to_pay = due(parts)
    is_paid = is_wholly(parts, "is_paid") or max(paid, erp_paid(papers), told_paid(parts)) >= to_pay > 0
    return order_standing(part_standings(parts, papers), is_paid=is_paid)


def part_standings(parts: Sequence[OrderPart], papers: Sequence[ErpDocument]) -> list[PartStanding]:
    """1C's own sum of what was shipped where it told one, else shipments less returns."""
    left = _left(papers)
    return [
        PartStanding(
            total=part.sum_now,
            is_cancelled=part.is_cancelled,
            is_shipped=part.is_shipped,
            shipped=left[part.pk] if part.erp_shipped_sum is None else part.erp_shipped_sum,
            target=part.erp_target,
        )
        for part in parts
    ]


def _left(papers: Sequence[ErpDocument]) -> dict[int, Decimal]:
    """Sum of what left by the papers, by part."""
    left: dict[int, Decimal] = defaultdict(Decimal)
    for paper in papers:
        if paper.is_deleted:
            continue
        if paper.kind == ErpDocumentKind.SHIPMENT:
            left[paper.part_id] += paper.total or 0
        elif paper.kind == ErpDocumentKind.RETURN:
            left[paper.part_id] -= paper.total or 0
    return left
