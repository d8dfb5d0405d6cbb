"""Making lines of an order smaller: amounts, totals, reserve. The caller has locked the order and parts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from catalog.models import Stock
from orders.models import Order, OrderLine, OrderPart
from orders.services.credit_hold import parts_credit_shrink
from orders.services.steps import places_locked
from portal.lib.money import line_amount

_LINE_FIELDS = ["quantity", "quantity_before", "net", "vat", "gross"]


def lines_shrink(
    *, order: Order, parts: Sequence[OrderPart], quantities: Mapping[int, Decimal], at: datetime
) -> None:
    """Give lines (by key) smaller quantities; what a part that 1C has not taken gives up is
    free again, and the reserve of the credit limit with it.

    `parts` are all parts whose lines change. VAT is of the line, totals are sums of lines.
    """
    lines = list(OrderLine.objects.filter(pk__in=quantities).order_by("pk"))
    places = {part.pk: part for part in parts}
    freed: dict[tuple[int, int], Decimal] = {}
    for line in lines:
        part = places[line.part_id]
        if part.accepted_at is None and part.warehouse_id is not None:
            place = (line.sku_id, part.warehouse_id)
            freed[place] = freed.get(place, Decimal(0)) + line.quantity - quantities[line.pk]
        _shrunk(line, quantities[line.pk], is_vat_included=order.is_vat_included)
    OrderLine.objects.bulk_update(lines, _LINE_FIELDS)
    _totals(order, parts)
    _stock_free(freed)
    parts_credit_shrink(parts, at=at)


def _shrunk(line: OrderLine, quantity: Decimal, *, is_vat_included: bool) -> None:
    if line.quantity_before is None:
        line.quantity_before = line.quantity
    amount = line_amount(line.price, quantity, line.vat_percent, is_vat_included)
    line.quantity = quantity
    line.net, line.vat, line.gross = amount.net, amount.vat, amount.gross


def _totals(order: Order, parts: Sequence[OrderPart]) -> None:
    """Of the changed parts and of the order, by its lines; a changed part is a new version for 1C."""
    totals: dict[int, Decimal] = {part.pk: Decimal("0.00") for part in parts}
    total = vat = Decimal("0.00")
    rows = OrderLine.objects.filter(part__order=order).values_list("part_id", "gross", "vat")
    for part_id, gross, line_vat in rows:
        total, vat = total + gross, vat + line_vat
        if part_id in totals:
            totals[part_id] += gross
    for part in parts:
        part.total, part.version = totals[part.pk], part.version + 1
    OrderPart.objects.bulk_update(parts, ["total", "version"])
    order.total, order.vat_total = total, vat
    order.save(update_fields=["total", "vat_total"])


def _stock_free(freed: Mapping[tuple[int, int], Decimal]) -> None:
    changed = []
    for row, quantity in places_locked(freed):
        row.reserved = F("reserved") - quantity
        changed.append(row)
    Stock.objects.bulk_update(changed, ["reserved"])
