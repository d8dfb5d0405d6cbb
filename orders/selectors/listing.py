"""The list of orders, for a client's people and for the distributor's alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, JSONObject

from counterparties.actor import Actor
from finance.selectors import paid_by_reference
from orders.models import ErpDocument, ErpLine, Order, OrderLine, OrderPart
from orders.selectors.erp import due, is_wholly, told_paid
from orders.selectors.paid import PaidState, paid_state
from orders.states import ErpDocumentKind

PAGE_SIZE = 25

# Parts come as one value beside their order: no query more, however many there are. Sums travel as text,
# or JSON would make floats of them.
_PARTS = (
    OrderPart.objects.filter(order=OuterRef("pk"))
    .order_by("pk")
    .values(
        told=JSONObject(
            total=Cast("total", CharField()),
            erp_total=Cast("erp_total", CharField()),
            erp_paid_sum=Cast("erp_paid_sum", CharField()),
            accepted_at="accepted_at",
            erp_number="erp_number",
            erp_state_text="erp_state_text",
            is_cancelled="is_cancelled",
            is_paid="is_paid",
            is_shipped="is_shipped",
        )
    )
)
_ERP_PAID = (
    ErpDocument.objects.filter(part__order=OuterRef("pk"), kind=ErpDocumentKind.PAYMENT, is_deleted=False)
    .order_by()
    .values("part__order")
    .values(total=Sum("total"))
)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the person asked the list for; empty values ask for nothing."""

    state: str = ""
    legal_entity_id: int | None = None
    holding_id: int | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the order list; money with VAT in `currency`.

    `due` is what is to be paid after 1C's changes; `erp_` are 1C's words of all parts.
    """

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
    erp_number: str
    erp_state: str
    is_shipped: bool
    is_from_erp: bool
    total: Decimal
    currency: str
    due: Decimal
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
            erp_lines_count=_counted(ErpLine, "part__order"),
            erp_parts=ArraySubquery(_PARTS),
            erp_paid=Subquery(_ERP_PAID),
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
        erp_lines = ErpLine.objects.filter(part__order=OuterRef("pk"), part__order__origin="erp").filter(
            Q(article__istartswith=chosen.search) | Q(name__icontains=chosen.search)
        )
        in_erp = OrderPart.objects.filter(order=OuterRef("pk"), erp_number__icontains=chosen.search)
        orders = orders.filter(
            Q(number__icontains=chosen.search)
            | Q(client_reference__icontains=chosen.search)
            | Q(erp_number__icontains=chosen.search)
            | Exists(lines)
            | Exists(erp_lines)
            | Exists(in_erp)
        )
    return orders


def _counted(model: type[OrderLine] | type[ErpLine], path: str, *, what: str = "pk") -> Subquery:
    """Count related rows without a JOIN, which would multiply those of the others."""
    rows = (
        model._default_manager.filter(**{path: OuterRef("pk")})
        .order_by()
        .values(path)
        .annotate(rows=Count(what, distinct=True))
        .values("rows")
    )
    return Subquery(rows, output_field=IntegerField())


def _row(order: Order, paid: Decimal) -> OrderRow:
    told = vars(order)
    parts = [_part(part) for part in told["erp_parts"]]
    to_pay = due(parts)
    whole = to_pay if is_wholly(parts, "is_paid") else paid
    paid = max(paid, told["erp_paid"] or paid, told_paid(parts), whole)
    return OrderRow(
        pk=order.pk,
        number=order.label,
        client_reference=order.client_reference,
        submitted_at=order.submitted_at,
        legal_entity=order.legal_entity.name,
        holding=order.holding.name,
        contract=order.contract.number,
        author=order.author_name,
        state=order.state,
        state_label=order.get_state_display(),
        lines=(told["erp_lines_count"] if order.is_from_erp else told["lines_count"]) or 0,
        parts=len(parts),
        parts_accepted=sum(part.accepted_at is not None for part in parts),
        erp_number="" if order.is_from_erp else _joined(part.erp_number for part in parts),
        erp_state=_joined(part.erp_state_text for part in parts),
        is_shipped=is_wholly(parts, "is_shipped"),
        is_from_erp=order.is_from_erp,
        total=order.total,
        currency=order.currency,
        due=to_pay,
        paid=paid,
        paid_state=paid_state(total=to_pay, paid=paid),
    )


def _part(told: dict[str, Any]) -> OrderPart:
    """The part again, as far as a row of the list needs it."""
    names = ("total", "erp_total", "erp_paid_sum")
    sums = {name: None if told[name] is None else Decimal(told[name]) for name in names}
    return OrderPart(**(told | sums))


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
