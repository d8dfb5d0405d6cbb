"""Letters about shipments: to managers what clients ask and count, to clients what became of it."""

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from counterparties.selectors import actor_for
from counterparties.services.registration_letters import manager_addresses
from orders.models import Receipt, ReceiptLine, ShipmentRequest
from orders.selectors.shipments import requests_whole
from orders.states import ShipmentRequestState
from portal.lib.dates import format_date, moscow_date
from portal.lib.mail import mail_send
from portal.lib.money import format_quantity

_MOST_ROWS = 50


def shipment_requested_mail(*, request_id: int, key: str) -> int:
    """Tell the client's managers of a new request; return the number of addresses."""
    request = requests_whole(ShipmentRequest.objects.all()).get(pk=request_id)
    addresses = manager_addresses([request.legal_entity.holding_id])
    if request.state != ShipmentRequestState.SUBMITTED or not addresses:
        return 0
    told = _("{name} просит отгрузить {date} со склада «{warehouse}», строк: {count}.").format(
        name=request.legal_entity.name,
        date=format_date(request.desired_date),
        warehouse=request.warehouse.name,
        count=request.lines.count(),
    )
    mail_send(
        key=key,
        to=addresses,
        subject=_("Заявка на отгрузку {number}: {name}").format(
            number=request.number, name=request.legal_entity.name
        ),
        template="mail/notice",
        context={
            "paragraphs": [told],
            "action": _("Открыть заявку"),
            "address": settings.SITE_URL + reverse("orders:shipment_request", args=[request.pk]),
        },
    )
    return len(addresses)


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
    head = _("{name}, заказ {order}, отгрузка {number}. Принял {person}.").format(
        name=order.legal_entity.name,
        order=order.label,
        number=receipt.shipment.number,
        person=receipt.received_by.get_full_name(),
    )
    mail_send(
        key=key,
        to=addresses,
        subject=_("Расхождение при приёмке: заказ {number}").format(number=order.label),
        template="mail/notice",
        context={
            "paragraphs": [head, *map(_told, differing[:_MOST_ROWS])],
            "action": _("Открыть заказ"),
            "address": settings.SITE_URL + reverse("orders:detail", args=[order.pk]),
        },
    )
    return len(addresses)


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
    label = ShipmentRequestState(state).label.lower()
    mail_send(
        key=key,
        to=[author.email],
        subject=_("Заявка на отгрузку {number}: {state}").format(number=request.number, state=label),
        template="mail/notice",
        context={
            "paragraphs": [request.answer] if request.answer else [label.capitalize() + "."],
            "action": _("Открыть заявку"),
            "address": settings.SITE_URL + reverse("orders:shipment_request", args=[request.pk]),
        },
    )
    return 1


def _told(line: ReceiptLine) -> str:
    """«Болт М8х40: отгружено 5, принято 4. Разбита коробка»."""
    told = _("{name}: отгружено {sent}, принято {came}.").format(
        name=line.row.name,
        sent=format_quantity(line.row.quantity),
        came=format_quantity(line.quantity),
    )
    return f"{told} {line.note}".strip()
