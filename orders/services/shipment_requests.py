"""Asking for shipment. Locks: gate of merges, orders, parts."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import DeliveryAddress
from orders.events import ShipmentRequested
from orders.models import (
    Order,
    OrderLine,
    ShipmentMethod,
    ShipmentRequest,
    ShipmentRequestLine,
)
from orders.refusals import IdempotencyConflict
from orders.services.numbers import next_shipment_number
from orders.services.shipment_checks import Asked, check_asked, check_wish
from orders.services.shipment_locks import orders_parts_lock
from orders.shipment_refusals import ShipmentEmpty
from orders.shipping import ShipmentWish
from portal.outbox import publish

_DELIVERY_TEXT_LENGTH = 600


@transaction.atomic
def shipment_request_create(
    *,
    actor: Actor,
    quantities: Mapping[int, Decimal],
    wish: ShipmentWish,
    idempotency_key: UUID,
    at: datetime,
) -> ShipmentRequest:
    """Ask the warehouse for so much of these ordered lines (base units by the line's key).

    The same key returns the same request. Raises AccessDenied, OrderLine.DoesNotExist and
    DeliveryAddress.DoesNotExist (not there or not visible to the actor), ShipmentEmpty, IdempotencyConflict
    and whatever `check_asked` and `check_wish` raise.
    """
    actor.require(Permission.ORDER_SUBMIT)
    if actor.is_read_only or not actor.is_client:
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    parties_hold()
    if not quantities:
        raise ShipmentEmpty
    asked = _locked(actor, quantities)
    sent = ShipmentRequest.objects.filter(idempotency_key=idempotency_key).first()
    if sent is not None:
        return _same(sent, actor, quantities)
    check_asked(asked, at=at)
    address = _address(asked, wish)
    check_wish(wish, warehouse=asked.warehouse, address=address, at=at)
    request = ShipmentRequest.objects.create(
        **_told(wish),
        number=next_shipment_number(),
        idempotency_key=idempotency_key,
        legal_entity_id=asked.order.legal_entity_id,
        contract_id=asked.order.contract_id,
        consignee_id=address.legal_entity_id if address else asked.order.legal_entity_id,
        warehouse=asked.warehouse,
        delivery_address=address,
        delivery_text=_delivery_text(asked, address),
        created_by_id=cast(int, actor.user_id),  # a permission has a person
        acting_user_id=actor.impersonator_id,
        created_at=at,
    )
    ShipmentRequestLine.objects.bulk_create(
        ShipmentRequestLine(request=request, line=line, quantity=quantities[line.pk]) for line in asked.lines
    )
    publish(ShipmentRequested(request_id=request.pk))
    return request


def _locked(actor: Actor, quantities: Mapping[int, Decimal]) -> Asked:
    """Lock the orders, then the parts, by key: no two requests take the same goods.

    Raises OrderLine.DoesNotExist.
    """
    lines = OrderLine.objects.filter(pk__in=quantities, part__order__in=Order.objects.movable_by(actor))
    places = lines.values_list("part_id", "part__order_id")
    parts, orders = {part for part, _order in places}, {order for _part, order in places}
    locked = orders_parts_lock(order_ids=orders, part_ids=parts)
    found = list(lines.order_by("part__order_id", "position", "pk"))
    if len(found) != len(quantities):
        raise OrderLine.DoesNotExist
    return Asked(*locked, lines=found, quantities=quantities)


def _same(sent: ShipmentRequest, actor: Actor, quantities: Mapping[int, Decimal]) -> ShipmentRequest:
    """The request of this key, sent by an earlier click. Raises IdempotencyConflict for another content."""
    lines = {line.line_id: line.quantity for line in sent.lines.all()}
    if sent.created_by_id != actor.user_id or lines != dict(quantities):
        raise IdempotencyConflict
    return sent


def _address(asked: Asked, wish: ShipmentWish) -> DeliveryAddress | None:
    """Of the payer's holding; goods that are fetched need none. Raises DeliveryAddress.DoesNotExist."""
    if wish.delivery_address_id is None or wish.method == ShipmentMethod.PICKUP:
        return None
    addresses = DeliveryAddress.objects.filter(legal_entity=asked.order.legal_entity_id, is_active=True)
    return addresses.get(pk=wish.delivery_address_id)


def _told(wish: ShipmentWish) -> dict[str, object]:
    told = asdict(wish)
    del told["delivery_address_id"]
    return told


def _delivery_text(asked: Asked, address: DeliveryAddress | None) -> str:
    """Frozen: the address may be edited or deleted later."""
    if address is None:
        place = asked.warehouse.address or asked.warehouse.name
        return _("Самовывоз: {place}").format(place=place)[:_DELIVERY_TEXT_LENGTH]
    return address.in_words[:_DELIVERY_TEXT_LENGTH]
