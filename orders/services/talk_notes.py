"""What happens to orders and requests for shipment, told in the talks about them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.models import Thread
from counterparties.services.talk import thread_note
from orders.models import OrderStep, ShipmentRequest
from orders.states import OrderState, ShipmentRequestState


@transaction.atomic
def steps_note(*, steps: Sequence[OrderStep]) -> None:
    """Write moves of orders into the talks that there are; one query where there is none. Idempotent."""
    references = {step.order.reference for step in steps}
    talked = set(Thread.objects.filter(reference__in=references).values_list("reference", flat=True))
    for step in steps:
        order = step.order
        if order.reference not in talked:
            continue
        thread_note(
            holding_id=order.holding_id,
            legal_entity_id=order.legal_entity_id,
            reference=order.reference,
            permission=Permission.ORDER_VIEW,
            subject=_("Заказ {label}: {state}").format(
                label=order.label, state=str(OrderState(step.state).label).lower()
            ),
            text=step.comment,
            address=reverse("orders:detail", args=[order.pk]),
            key=f"order_step:{step.pk}",
            at=step.at,
        )


@transaction.atomic
def request_note(*, request_id: int, state: str, key: str, at: datetime) -> None:
    """Write a move of a request for shipment into its talk and those of its orders. Idempotent by key."""
    request = ShipmentRequest.objects.select_related("legal_entity").get(pk=request_id)
    orders = set(request.lines.values_list("line__part__order", flat=True))
    references = [f"shipment_request:{request.pk}", *(f"order:{pk}" for pk in sorted(orders))]
    for reference in references:
        thread_note(
            holding_id=request.legal_entity.holding_id,
            legal_entity_id=request.legal_entity_id,
            reference=reference,
            permission=Permission.ORDER_VIEW,
            subject=_("Заявка на отгрузку {number}: {state}").format(
                number=request.number, state=str(ShipmentRequestState(state).label).lower()
            ),
            text="",
            address=reverse("orders:shipment_request", args=[request.pk]),
            key=f"{key}:{reference}",
            at=at,
        )
