"""Addresses of exchange files for the access matrix, and the papers that they name."""

from collections.abc import Callable
from typing import Any

from documents.models import Document, ReceivedDocument
from documents.states import DocumentKind
from orders.models import Order
from portal.files.papers import XML
from tests.documents.edo.issued import make_upd
from tests.documents.edo.papers import made, shipment
from tests.documents.received_papers import make_received

OWNERS = "login 200 404 200 404 404 200 404 200 403 login"
SENDERS = "login 403 404 403 404 404 302 404 302 403 login"


def make_exchange_papers(order: Order) -> None:
    """A УПД of ours, and one of 1C whose file is XML."""
    make_upd(order)
    make_received(order.legal_entity, order=order, number="xml", content=made(shipment()).content, mime=XML)


def ours(it: Any) -> dict[str, object]:
    return {"uid": Document.objects.get(kind=DocumentKind.UPD).uid}


def received(it: Any) -> dict[str, object]:
    return {"uid": ReceivedDocument.objects.get(number="xml").uid}


EDO_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "documents:edo_view": ("GET", received, OWNERS),
    "documents:xml": ("GET", received, OWNERS),
    "documents:edo_send": ("POST", ours, SENDERS),
}
