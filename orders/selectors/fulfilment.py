"""How far each line of parts of orders has come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from django.db.models import F, Sum

from orders.fulfilment import (
    Line,
    PartFulfilment,
    Quantities,
    Row,
    Standing,
    Told,
    good_of,
    part_fulfilment,
)
from orders.models import (
    ErpDocument,
    ErpDocumentLine,
    ErpLine,
    Order,
    OrderLine,
    OrderPart,
    ShipmentRequestLine,
)
from orders.states import OPEN_REQUESTS, ShipmentRequestState

PartRow = TypeVar("PartRow", OrderLine, ErpLine)


def line_quantities(parts: Collection[OrderPart]) -> dict[int, Quantities]:
    """Quantities by the key of the ordered line; five queries whatever the number of parts and lines."""
    return {
        pk: quantities for found in fulfilment_of(parts).values() for pk, quantities in found.lines.items()
    }


def fulfilment_of(parts: Collection[OrderPart]) -> dict[int, PartFulfilment]:
    """The same by part, with what 1C has beyond the ordered lines."""
    pks = [part.pk for part in parts]
    states = dict(Order.objects.filter(parts__in=pks).values_list("pk", "state"))
    lines = _by_part(OrderLine.objects.filter(part__in=pks).order_by("position", "pk"))
    present = _by_part(ErpLine.objects.filter(part__in=pks).order_by("position"))
    papers: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    rows = ErpDocumentLine.objects.filter(document__part__in=pks, document__is_deleted=False)
    named = rows.annotate(part=F("document__part_id"), kind=F("document__kind"))
    for row in named.order_by("document", "position"):
        papers[row.part][row.kind].append(row)
    asked = requested_quantities(pks)
    return {
        part.pk: part_fulfilment(
            [ordered_line(line) for line in lines[part.pk]],
            Told(present[part.pk] or None, papers[part.pk]),
            standing_of(part, states[part.order_id]),
            requested=asked,
        )
        for part in parts
    }


def card_fulfilment(
    order: Order,
    part: OrderPart,
    papers: Iterable[ErpDocument],
    *,
    requested: Mapping[int, Decimal],
) -> PartFulfilment:
    """The same from rows that are at hand already; an order of 1C has its own rows for lines."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for paper in papers:
        if not paper.is_deleted:
            rows[paper.kind].extend(paper.lines.all())
    present: Sequence[ErpLine] = list(part.erp_lines.all())
    if order.is_from_erp:
        lines = [erp_line(row) for row in present]
        told = Told(None, rows)
    else:
        lines = [ordered_line(line) for line in part.lines.all()]
        told = Told(present or None, rows)
    return part_fulfilment(lines, told, standing_of(part, order.state), requested=requested)


def requested_quantities(
    part_ids: Collection[int], *, states: Collection[ShipmentRequestState] = OPEN_REQUESTS
) -> dict[int, Decimal]:
    """What requests for shipment in these states still hold of each line; one query."""
    asked = ShipmentRequestLine.objects.filter(line__part__in=part_ids, request__state__in=states)
    rows = asked.values("line_id").annotate(held=Sum(F("quantity") - F("shipped")))
    return {row["line_id"]: row["held"] for row in rows}


def ordered_line(line: OrderLine) -> Line:
    return Line(
        pk=line.pk,
        good=good_of(line),
        ordered=line.quantity if line.quantity_before is None else line.quantity_before,
        quantity=line.quantity,
        was_changed=line.quantity_before is not None,
    )


def erp_line(row: ErpLine) -> Line:
    """A cancelled row was ordered, and nothing of it stands."""
    kept = Decimal(0) if row.is_cancelled else row.quantity
    return Line(pk=row.pk, good=good_of(row), ordered=row.quantity, quantity=kept)


def standing_of(part: OrderPart, order_state: str) -> Standing:
    return Standing(order_state, is_cancelled=part.is_cancelled, is_shipped=part.is_shipped)


def _by_part(rows: Iterable[PartRow]) -> dict[int, list[PartRow]]:
    found: dict[int, list[PartRow]] = defaultdict(list)
    for row in rows:
        found[row.part_id].append(row)
    return found
