"""Letters about shipments: to managers what clients ask and count, to clients what became of it."""

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse

from accounts.services.letters import letters_send
from counterparties.selectors import actor_for
from counterparties.services.registration_letters import manager_addresses
from orders.models import Receipt, ReceiptLine, ShipmentRequest
from orders.selectors.shipments import requests_whole
from orders.states import ShipmentRequestState
from portal.lib.dates import moscow_date

_MOST_ROWS = 50


def shipment_requested_mail(*, request_id: int, key: str) -> int:
    """Tell the client's managers of a new request; return the number of addresses."""
    request = requests_whole(ShipmentRequest.objects.all()).get(pk=request_id)
    addresses = manager_addresses([request.legal_entity.holding_id])
    if request.state != ShipmentRequestState.SUBMITTED or not addresses:
        return 0
    return letters_send(
        key=key,
        to=addresses,
        letter="shipment_requested",
        context={
            "number": request.number,
            "buyer": request.legal_entity.name,
            "date": request.desired_date,
            "warehouse": request.warehouse.name,
            "count": request.lines.count(),
            "address": settings.SITE_URL + reverse("orders:shipment_request", args=[request.pk]),
        },
    )


def shipment_received_mail(*, receipt_id: int, key: str) -> int:
    """Tell the client's managers what was counted otherwise than it was sent; nobody when all has come."""
    receipt = Receipt.objects.select_related("shipment__part__order__legal_entity", "received_by").get(
        pk=receipt_id
    )
    lines = ReceiptLine.objects.filter(receipt=receipt).select_related("row").order_by("row__position")
    differing = list(lines.filter(~Q(quantity=F("row__quantity")) | ~Q(note="")))
    order = receipt.shipment.part.order
    addresses = manager_addresses([order.holding_id])
    if not differing or not addresses:
        return 0
    return letters_send(
        key=key,
        to=addresses,
        letter="shipment_received",
        context={
            "buyer": order.legal_entity.name,
            "order": order.label,
            "number": receipt.shipment.number,
            "person": receipt.received_by.get_full_name(),
            "rows": [
                {
                    "name": line.row.name,
                    "sent": line.row.quantity,
                    "came": line.quantity,
                    "note": line.note,
                }
                for line in differing[:_MOST_ROWS]
            ],
            "more": max(len(differing) - _MOST_ROWS, 0),
            "address": settings.SITE_URL + reverse("orders:detail", args=[order.pk]),
        },
    )


def request_moved_mail(*, request_id: int, state: str, key: str) -> int:
    """Tell the author that his request was taken, refused or is ready; nobody of what he did himself."""
    request = requests_whole(ShipmentRequest.objects.all()).get(pk=request_id)
    author = request.created_by
    is_news = state in {
        ShipmentRequestState.ACCEPTED,
        ShipmentRequestState.READY,
        ShipmentRequestState.REJECTED,
    }
    reader = actor_for(author, on=moscow_date(request.created_at), holding_id=request.legal_entity.holding_id)
    if not is_news or not ShipmentRequest.objects.visible_to(reader).filter(pk=request.pk).exists():
        return 0
    return letters_send(
        key=key,
        to=[author.email],
        letter="shipment_request_moved",
        context={
            "number": request.number,
            "state": state,
            "state_label": ShipmentRequestState(state).label,
            "answer": request.answer,
            "address": settings.SITE_URL + reverse("orders:shipment_request", args=[request.pk]),
        },
    )
