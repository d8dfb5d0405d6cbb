"""Counting what has come: once for a shipment of 1C, by those who may see its order."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from orders.events import ShipmentReceived
from orders.models import ErpDocument, ErpDocumentLine, Receipt, ReceiptLine
from orders.quantities import fits_unit
from orders.selectors.shipment_list import shipments_visible_to
from orders.shipment_refusals import AlreadyReceived, CountWrong
from portal.outbox import publish

_ANY_UNIT = ""
"""1C tells no code of a row's unit; half of a piece may come broken."""


@transaction.atomic
def receipt_create(
    *,
    actor: Actor,
    shipment_id: int,
    quantities: Mapping[int, Decimal],
    notes: Mapping[int, str],
    comment: str,
    at: datetime,
) -> Receipt:
    """Write down how much of each row has come (by the row's key); rows that are not named came as sent.

    Raises AccessDenied, ErpDocument.DoesNotExist (not visible, or cancelled in 1C), AlreadyReceived,
    CountWrong (less than nothing, or rows that the shipment has no longer).
    """
    actor.require(Permission.ORDER_VIEW)
    if not actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.ORDER_VIEW.label)
    papers = ErpDocument.objects.filter(pk__in=shipments_visible_to(actor).values("pk"), is_deleted=False)
    shipment = papers.select_for_update(of=("self",)).get(pk=shipment_id)
    if Receipt.objects.filter(shipment=shipment).exists():
        raise AlreadyReceived
    rows = list(ErpDocumentLine.objects.filter(document=shipment).order_by("position"))
    _check(rows, quantities)
    receipt = Receipt.objects.create(
        shipment=shipment,
        received_by_id=cast(int, actor.user_id),  # a permission has a person
        acting_user_id=actor.impersonator_id,
        received_at=at,
        comment=comment,
    )
    lines = [
        ReceiptLine(
            receipt=receipt,
            row=row,
            quantity=quantities.get(row.pk, row.quantity),
            note=notes.get(row.pk, ""),
        )
        for row in rows
    ]
    ReceiptLine.objects.bulk_create(lines)
    differing = sum(line.quantity != line.row.quantity or bool(line.note) for line in lines)
    publish(ShipmentReceived(receipt_id=receipt.pk, differences=differing))
    return receipt


def _check(rows: list[ErpDocumentLine], quantities: Mapping[int, Decimal]) -> None:
    is_known = set(quantities) <= {row.pk for row in rows}
    if not is_known or not all(fits_unit(quantity, _ANY_UNIT) for quantity in quantities.values()):
        raise CountWrong
