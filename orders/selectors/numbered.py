"""Orders by their number, for the search."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from counterparties.actor import Actor
from orders.models import Order, OrderPart

_OWN = re.compile(r"(?P<prefix>[bв]?)(?P<digits>[0-9]{1,7})(?:-[0-9]{1,2})?", re.IGNORECASE)


_WHOLE = re.compile(r"[bв][0-9]{7}(?:-[0-9]{1,2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OrderFound:
    """An order that was asked for by number."""

    pk: int
    number: str
    client_reference: str
    submitted_at: datetime
    legal_entity: str
    state_label: str


def orders_numbered(*, actor: Actor, number: str, most: int) -> list[OrderFound]:
    """Orders visible to the actor by our number, then the newest by that of the client or of 1C; one query.

    «17», «B0000017», «В17-1» are one number. A client's own numbers and those of 1C are looked through for
    the client's people only: an employee sees so many orders that each letter would cost a walk over all.
    """
    asked = own = _own_number(number)
    if actor.is_client:
        in_erp = OrderPart.objects.filter(order=OuterRef("pk"), erp_number__icontains=number)
        asked |= Q(client_reference__istartswith=number) | Q(Exists(in_erp)) | Q(erp_number__icontains=number)
    orders = Order.objects.visible_to(actor).filter(asked).annotate(is_own=own)
    ordered = orders.select_related("legal_entity").order_by("-is_own", "-submitted_at", "-pk")
    return [
        OrderFound(
            pk=order.pk,
            number=order.label,
            client_reference=order.client_reference,
            submitted_at=order.submitted_at,
            legal_entity=order.legal_entity.name,
            state_label=order.get_state_display(),
        )
        for order in ordered[:most]
    ]


def whole_number(text: str) -> str:
    """Our number that is written in full, as «в0000017-1» has it; nothing where it is not one."""
    return f"B{text[1:8]}" if _WHOLE.fullmatch(text) else ""


def _own_number(text: str) -> Q:
    """Our number as it is printed: a letter and seven digits, of which people leave out the noughts."""
    found = _OWN.fullmatch(text)
    if found is None:
        return Q(number=text)
    asked = Q(number=f"B{found['digits']:0>7}")
    return asked | Q(number__startswith=f"B{found['digits']}") if found["prefix"] else asked
