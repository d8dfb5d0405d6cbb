"""The pass of a pickup: a code that the guard of the warehouse opens the request by."""

import segno
from django.conf import settings
from django.urls import reverse

from orders.models import ShipmentMethod, ShipmentRequest
from orders.states import ShipmentRequestState

_LET_IN = frozenset({ShipmentRequestState.ACCEPTED, ShipmentRequestState.PICKING, ShipmentRequestState.READY})
_BORDER = 4


def pickup_pass(it: ShipmentRequest) -> str:
    """A data address of the picture; empty for what is not taken from the warehouse or not accepted yet."""
    if it.method == ShipmentMethod.OWN or it.state not in _LET_IN:
        return ""
    address = settings.SITE_URL + reverse("orders:shipment_request", args=[it.pk])
    return segno.make_qr(address, error="m").svg_data_uri(border=_BORDER, omitsize=True)
