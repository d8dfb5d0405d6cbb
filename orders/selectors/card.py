"""All that is known of one order, except its documents: those lie above."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from finance.models import Payment
from finance.selectors import payments_for
from orders.models import Order, OrderLine, OrderPart, OrderStep
from orders.selectors.paid import PaidState, paid_state
from orders.states import OrderState


@dataclass(frozen=True, slots=True)
class PartCard:
    """One part as 1C gets it, with its lines and where it stands there."""

    part: OrderPart
    lines: tuple[OrderLine, ...]
    erp_state: str


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order with its parts, history and money; `rest` is what remains to be paid."""

    order: Order
    parts: tuple[PartCard, ...]
    steps: tuple[OrderStep, ...]
    payments: tuple[Payment, ...]
    paid: Decimal
    rest: Decimal
    paid_state: PaidState


def order_card(*, actor: Actor, order_id: int) -> OrderCard:
    """Load an order; five queries whatever its size. Raises Order.DoesNotExist (not visible to the actor)."""
    lines = OrderLine.objects.select_related("sku").order_by("position")
    parts = (
        OrderPart.objects.select_related("warehouse")
        .order_by("pk")
        .prefetch_related(Prefetch("lines", queryset=lines))
    )
    steps = OrderStep.objects.select_related("user", "acting_user").order_by("pk")
    order = (
        Order.objects.visible_to(actor)
        .select_related(
            "legal_entity__holding", "contract", "organization", "city", "created_by", "acting_user"
        )
        .prefetch_related(
            Prefetch("parts", queryset=parts),
            Prefetch("steps", queryset=steps),
        )
        .get(pk=order_id)
    )
    payments = tuple(payments_for(order.reference))
    paid = sum((payment.amount for payment in payments), Decimal("0.00"))
    return OrderCard(
        order=order,
        parts=tuple(
            PartCard(part=part, lines=tuple(part.lines.all()), erp_state=_erp_state(order, part))
            for part in order.parts.all()
        ),
        steps=tuple(order.steps.all()),
        payments=payments,
        paid=paid,
        rest=max(order.total - paid, Decimal("0.00")),
        paid_state=paid_state(total=order.total, paid=paid),
    )


def _erp_state(order: Order, part: OrderPart) -> str:
    if order.state != OrderState.CONFIRMED:
        return ""
    if part.accepted_at is None:
        return _("в очереди в 1С")
    moment = timezone.localtime(part.accepted_at)
    taken = _("принят в 1С {date} в {time}").format(date=f"{moment:%d.%m.%Y}", time=f"{moment:%H:%M}")
    return f"{taken}, № {part.erp_number}" if part.erp_number else taken
