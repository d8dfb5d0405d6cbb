"""The list of orders, for a client's people and for the distributor's alike."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from counterparties.actor import Actor
from finance.selectors import paid_by_reference
from orders.models import Order, OrderLine, OrderPart
from orders.selectors.paid import PaidState, paid_state

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the person asked the list for; empty values ask for nothing."""

    state: str = ""
    legal_entity_id: int | None = None
    holding_id: int | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the order list; money with VAT in `currency`."""

    pk: int
    number: str
    client_reference: str
    submitted_at: datetime
    legal_entity: str
    holding: str
    contract: str
    author: str
    state: str
    state_label: str
    lines: int
    parts: int
    parts_accepted: int
    total: Decimal
    currency: str
    paid: Decimal
    paid_state: PaidState


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of rows; `count` and `total` are of all orders that were found."""

    rows: tuple[OrderRow, ...]
    page: Page[int]
    count: int
    total: Decimal


def order_rows(
    *, actor: Actor, chosen: OrderFilter, page: int | str = 1, per_page: int = PAGE_SIZE
) -> OrderPage:
    """Newest orders first, visible to the actor; three queries whatever their number."""
    orders = _filtered(Order.objects.visible_to(actor), chosen)
    summary = orders.aggregate(count=Count("pk"), total=Sum("total"))
    place: Page[int] = Paginator(range(summary["count"]), per_page).get_page(page)
    first = (place.number - 1) * per_page
    found = list(
        orders.select_related("legal_entity", "holding", "contract", "created_by")
        .annotate(
            # A line that is split over warehouses keeps its position: to the client it is one.
            lines_count=_counted(OrderLine, "part__order", what="position"),
            parts_count=_counted(OrderPart, "order"),
            parts_accepted=_counted(OrderPart, "order", accepted_at__isnull=False),
        )
        .order_by("-submitted_at", "-pk")[first : first + per_page]
    )
    paid = paid_by_reference(order.reference for order in found)
    return OrderPage(
        rows=tuple(_row(order, paid[order.reference]) for order in found),
        page=place,
        count=summary["count"],
        total=summary["total"] or Decimal("0.00"),
    )


def _filtered(orders: QuerySet[Order], chosen: OrderFilter) -> QuerySet[Order]:
    if chosen.state:
        orders = orders.filter(state=chosen.state)
    if chosen.legal_entity_id is not None:
        orders = orders.filter(legal_entity_id=chosen.legal_entity_id)
    if chosen.holding_id is not None:
        orders = orders.filter(holding_id=chosen.holding_id)
    if chosen.search:
        lines = OrderLine.objects.filter(part__order=OuterRef("pk")).filter(
            Q(article__istartswith=chosen.search) | Q(name__icontains=chosen.search)
        )
        in_erp = OrderPart.objects.filter(order=OuterRef("pk"), erp_number__icontains=chosen.search)
        orders = orders.filter(
            Q(number__icontains=chosen.search)
            | Q(client_reference__icontains=chosen.search)
            | Exists(lines)
            | Exists(in_erp)
        )
    return orders


def _counted(
    model: type[OrderLine] | type[OrderPart], path: str, *, what: str = "pk", **conditions: bool
) -> Subquery:
    """Count related rows without a JOIN, which would multiply those of the others."""
    rows = (
        model._default_manager.filter(**{path: OuterRef("pk")}, **conditions)
        .order_by()
        .values(path)
        .annotate(rows=Count(what, distinct=True))
        .values("rows")
    )
    return Subquery(rows, output_field=IntegerField())


def _row(order: Order, paid: Decimal) -> OrderRow:
    counts = vars(order)
    return OrderRow(
        pk=order.pk,
        number=order.number,
        client_reference=order.client_reference,
        submitted_at=order.submitted_at,
        legal_entity=order.legal_entity.name,
        holding=order.holding.name,
        contract=order.contract.number,
        author=order.created_by.get_full_name(),
        state=order.state,
        state_label=order.get_state_display(),
        lines=counts["lines_count"] or 0,
        parts=counts["parts_count"] or 0,
        parts_accepted=counts["parts_accepted"] or 0,
        total=order.total,
        currency=order.currency,
        paid=paid,
        paid_state=paid_state(total=order.total, paid=paid),
    )
