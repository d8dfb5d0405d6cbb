"""Requests for shipment on their way to 1C: told when accepted, taken back while 1C has not fetched them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from integrations.models import ErpRequest, ExchangeNode, RequestKind, RequestState
from integrations.models.requests import OPEN
from orders.models import ShipmentRequest, ShipmentRequestLine
from orders.states import ShipmentRequestState

_SHIPPED = (ShipmentRequestState.SHIPPED, ShipmentRequestState.PARTLY_SHIPPED)
_GIVEN_UP = (ShipmentRequestState.REJECTED, ShipmentRequestState.CANCELLED)


@transaction.atomic
def shipment_tell(*, request_id: int) -> bool:
    """Bring the queue of the base into line with a request for shipment; tell whether anything changed.

    An organization whose base answers no requests keeps it to itself. Idempotent.
    """
    shipment = ShipmentRequest.objects.select_related("contract").get(pk=request_id)
    known = ErpRequest.objects.select_for_update(of=("self",)).filter(shipment=shipment)
    if shipment.state == ShipmentRequestState.ACCEPTED:
        return _asked(shipment, known.filter(state__in=OPEN).first())
    if shipment.state in _SHIPPED:
        return bool(known.filter(state__in=OPEN).update(state=RequestState.ANSWERED))
    if shipment.state in _GIVEN_UP:
        waiting = known.filter(state=RequestState.WAITING)
        return bool(waiting.update(state=RequestState.REFUSED, reason=shipment.get_state_display()))
    return False


def _asked(shipment: ShipmentRequest, known: ErpRequest | None) -> bool:
    nodes = ExchangeNode.objects.filter(
        organizations=shipment.contract.organization_id, is_active=True, answers_requests=True
    )
    node = nodes.order_by("pk").first()
    if node is None or known is not None:
        return False
    ErpRequest.objects.create(
        node=node,
        kind=RequestKind.SHIPMENT,
        legal_entity_id=shipment.legal_entity_id,
        contract_id=shipment.contract_id,
        shipment=shipment,
        created_by_id=shipment.created_by_id,
        impersonator_id=shipment.acting_user_id,
        created_at=shipment.created_at,
    )
    return True


def shipment_offer(
    shipment: ShipmentRequest,
    *,
    warehouses: Mapping[int, str],
    parts: Mapping[int, str],
    skus: Mapping[int, str],
) -> dict[str, Any]:
    """What 1C needs to ship: how, when, with whom, and lines by order; ids are those of the base."""
    told: dict[str, Any] = {
        "number": shipment.number,
        "date": shipment.desired_date.isoformat(),
        "hours": [f"{hour:%H:%M}" for hour in (shipment.hour_from, shipment.hour_to) if hour],
        "method": shipment.method,
        "warehouse_ref": warehouses.get(shipment.warehouse_id, ""),
        "address": shipment.delivery_text,
        "is_edo": shipment.is_edo,
    }
    words = ("carrier", "contact", "loading", "driver", "driver_phone", "driver_paper", "car", "comment")
    told |= {name: getattr(shipment, name) for name in words}
    if shipment.attorney_number and shipment.attorney_date and shipment.attorney_until:
        told["attorney"] = {
            "number": shipment.attorney_number,
            "date": shipment.attorney_date.isoformat(),
            "until": shipment.attorney_until.isoformat(),
        }
    told["lines"] = [_line(row, parts, skus) for row in shipment.lines.all()]
    return told


def _line(row: ShipmentRequestLine, parts: Mapping[int, str], skus: Mapping[int, str]) -> dict[str, Any]:
    line = row.line
    return {
        "order": {
            "ref": parts.get(line.part_id, ""),
            "site_number": line.part.number,
            "number": line.part.erp_number,
        },
        "sku_ref": skus.get(line.sku_id, ""),
        "article": line.article,
        "name": line.name,
        "quantity": str(row.quantity),
    }
