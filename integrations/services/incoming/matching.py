"""Which order a document of 1C is: by our number, by our id, by 1C's own id. Never a second order."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import ExternalId, ExternalKind, OrderExport
from integrations.onec.incoming.records import DocumentRecord
from integrations.services.incoming.work import Work
from orders.models import OrderPart
from orders.states import OrderOrigin

# The letter may have been typed anew, in Russian.
_OWN = re.compile(r"[BВbв]([0-9]{7})(-[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Match:
    """The part that was found, or why the document must not be taken; neither: it is new here."""

    part: OrderPart | None = None
    refusal: str = ""


def own_number(text: str) -> str:
    """Our number as we write it; empty for a number that is not ours."""
    found = _OWN.fullmatch(text.strip())
    return f"B{found[1]}{found[2] or ''}" if found else ""


def part_of_order(work: Work, document: DocumentRecord) -> Match:
    """Find the part that an order of 1C is. Our number stands above all ids."""
    by_id = work.known(ExternalKind.ORDER_PART, document.external_id)
    part = _by_number(document.number) or _by_uid(document.external_id)
    if part is None:
        return Match(part=OrderPart.objects.filter(pk=by_id).first() if by_id else None)
    if not _is_ours(work, part):
        return Match(refusal=f"заказ {part.number} не из этой базы 1С")
    if by_id is not None and by_id != part.pk:
        return Match(refusal=f"Ид документа уже известен как другой заказ, а номер – {part.number}")
    if document.is_deleted and _has_newer_document(work, part, document.external_id):
        return Match(refusal=f"заказ {part.number}: документ заменён другим, пометка удаления не учтена")
    return Match(part=part)


def part_of_paper(work: Work, names: tuple[str, ...]) -> int | None:
    """Find the part that a shipment or a payment follows from, by whatever names it."""
    for name in names:
        by_id = work.known(ExternalKind.ORDER_PART, name)
        if by_id is not None:
            return by_id
        part = _by_number(name) or _by_uid(name) or _by_order(name)
        if part is not None and _is_ours(work, part):
            return part.pk
    return None


def _by_number(text: str) -> OrderPart | None:
    number = own_number(text)
    return _parts().filter(number=number).first() if number else None


def _by_uid(text: str) -> OrderPart | None:
    try:
        return _parts().filter(uid=UUID(text)).first()
    except ValueError:
        return None


def _by_order(text: str) -> OrderPart | None:
    """An order's number without that of the part will do where there is one part only."""
    number = own_number(text)
    parts = list(_parts().filter(order__number=number)[:2]) if number else []
    return parts[0] if len(parts) == 1 else None


def _parts() -> QuerySet[OrderPart]:
    return OrderPart.objects.filter(order__origin=OrderOrigin.PORTAL)


def _is_ours(work: Work, part: OrderPart) -> bool:
    """Does the base take the orders of this organization, or has it taken this very one?"""
    exported = OrderExport.objects.filter(part=part, node=work.node).exists()
    return exported or work.node.organizations.filter(orders__parts=part).exists()


def _has_newer_document(work: Work, part: OrderPart, external_id: str) -> bool:
    """1C may delete a document and make another one under our number."""
    ids = ExternalId.objects.filter(node=work.node, kind=ExternalKind.ORDER_PART, object_id=part.pk)
    newest = ids.order_by("-pk").values_list("external_id", flat=True).first()
    return newest is not None and newest != external_id
