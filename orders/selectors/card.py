"""All that is known of one order, except its documents: those lie above."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from finance.models import Payment
from finance.selectors import payments_for
from orders.models import ErpDocument, ErpDocumentLine, ErpLine, Order, OrderLine, OrderPart, OrderStep
from orders.selectors.erp import PartRow, due, erp_paid, is_wholly, part_rows, told_paid
from orders.selectors.paid import PaidState, paid_state
from orders.selectors.standing import standing_of
from orders.states import ErpDocumentKind, OrderState
from portal.lib.dates import format_date
from portal.lib.money import vat_label


@dataclass(frozen=True, slots=True)
class PartCard:
    """One part as 1C gets it, with its rows as they stand now and where it is in 1C.

    `beside` are the rows in which 1C differs where its word does not count.
    """

    part: OrderPart
    lines: tuple[OrderLine, ...]
    rows: tuple[PartRow, ...]
    erp_state: str
    vat_text: str
    beside: tuple[PartRow, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Has 1C other rows than were ordered?"""
        return any(row.change for row in self.rows)

    @property
    def total(self) -> Decimal:
        """What the part comes to now: nothing once 1C has cancelled it."""
        if self.part.is_cancelled:
            return Decimal("0.00")
        return self.part.sum_now


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order with its parts, history and money.

    `erp_standing` is the state that 1C's facts give, `due` is what is to be paid after its changes, `rest`
    what remains of it. `shipments` and `erp_payments` are documents of 1C, oldest first; `paid` does not
    add 1C's payments to those noted here:
    they are the same money.
    """

    order: Order
    parts: tuple[PartCard, ...]
    steps: tuple[OrderStep, ...]
    payments: tuple[Payment, ...]
    shipments: tuple[ErpDocument, ...]
    erp_payments: tuple[ErpDocument, ...]
    due: Decimal
    paid: Decimal
    rest: Decimal
    paid_state: PaidState
    erp_standing: OrderState


def order_card(*, actor: Actor, order_id: int) -> OrderCard:
    """Load an order; eight queries at most, whatever its size. Raises Order.DoesNotExist (not visible)."""
    steps = OrderStep.objects.select_related("user", "acting_user").order_by("pk")
    order = (
        Order.objects.visible_to(actor)
        .select_related(
            "legal_entity__holding",
            "contract",
            "organization",
            "city",
            "created_by",
            "acting_user",
            "delivery_service",
            "follows",
            "quote",
        )
        .prefetch_related(
            Prefetch("parts", queryset=_parts()),
            Prefetch("steps", queryset=steps),
        )
        .get(pk=order_id)
    )
    parts = list(order.parts.all())
    papers = [paper for part in parts for paper in part.erp_documents.all()]
    papers.sort(key=lambda paper: (paper.date or date.min, paper.pk))
    payments = tuple(payments_for(order.reference))
    to_pay = due(parts)
    noted = sum((payment.amount for payment in payments), Decimal("0.00"))
    paid = max(noted, erp_paid(papers), told_paid(parts))
    if is_wholly(parts, "is_paid"):
        paid = max(paid, to_pay)
    return OrderCard(
        order=order,
        parts=tuple(_part_card(order, part) for part in parts),
        steps=tuple(order.steps.all()),
        payments=payments,
        shipments=tuple(paper for paper in papers if paper.kind != ErpDocumentKind.PAYMENT),
        erp_payments=tuple(paper for paper in papers if paper.kind == ErpDocumentKind.PAYMENT),
        due=to_pay,
        paid=paid,
        rest=max(to_pay - paid, Decimal("0.00")),
        paid_state=paid_state(total=to_pay, paid=paid),
        erp_standing=standing_of(parts, papers, paid=noted),
    )


def _parts() -> QuerySet[OrderPart]:
    return (
        OrderPart.objects.select_related("warehouse")
        .order_by("pk")
        .prefetch_related(
            Prefetch("lines", queryset=OrderLine.objects.select_related("sku").order_by("position")),
            Prefetch("erp_lines", queryset=ErpLine.objects.select_related("sku").order_by("position")),
            Prefetch("erp_documents", queryset=_papers()),
            Prefetch("erp_documents__lines", queryset=ErpDocumentLine.objects.order_by("position")),
        )
    )


def _papers() -> QuerySet[ErpDocument]:
    """Papers with who received them, and in how many rows otherwise than they were sent."""
    differing = Q(receipt__lines__quantity=F("receipt__lines__row__quantity"), receipt__lines__note="")
    return (
        ErpDocument.objects.select_related("receipt__received_by")
        .annotate(differing=Count("receipt__lines", filter=~differing))
        .order_by("date", "pk")
    )


def _part_card(order: Order, part: OrderPart) -> PartCard:
    lines, erp_lines = tuple(part.lines.all()), tuple(part.erp_lines.all())
    rates = {row.vat_percent for row in erp_lines}
    told = part_rows(order, lines, erp_lines)
    return PartCard(
        part=part,
        lines=lines,
        rows=part_rows(order, lines, ()) if part.is_erp_aside else told,
        beside=tuple(row for row in told if row.change) if part.is_erp_aside else (),
        erp_state=_erp_state(order, part),
        vat_text=vat_label(part.vat_percent) if len(rates) < 2 or lines else _("по строкам"),
    )


def _erp_state(order: Order, part: OrderPart) -> str:
    if part.erp_number:
        told = _("в 1С № {number}").format(number=part.erp_number)
        return (
            _("{told} от {date}").format(told=told, date=format_date(part.erp_date))
            if part.erp_date
            else told
        )
    if not order.is_in_work:
        return ""
    if part.accepted_at is None:
        return _("в очереди в 1С")
    moment = timezone.localtime(part.accepted_at)
    return _("принят в 1С {date} в {time}").format(date=f"{moment:%d.%m.%Y}", time=f"{moment:%H:%M}")
