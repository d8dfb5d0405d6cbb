"""What parts of orders held before their clients gave all of it up."""

from collections.abc import Collection

from orders.models import OrderChangeLine, OrderLine, OrderPart
from orders.states import MADE_CHANGES
from portal.lib.money import line_amount


def lines_given_up(parts: Collection[OrderPart]) -> dict[int, list[OrderLine]]:
    """Lines of emptied parts as the last change found them, by part; not to be saved. One query at most."""
    if not parts:
        return {}
    rows = (
        OrderChangeLine.objects.filter(line__part__in=parts, change__state__in=MADE_CHANGES)
        .select_related("line__sku__product", "line__part__order")
        .order_by("-change__decided_at", "-change_id", "line__position")
    )
    last: dict[int, int] = {}
    found: dict[int, list[OrderLine]] = {}
    for row in rows:
        part_id = row.line.part_id
        if last.setdefault(part_id, row.change_id) == row.change_id:
            found.setdefault(part_id, []).append(_as_before(row))
    return found


def _as_before(row: OrderChangeLine) -> OrderLine:
    line = row.line
    is_vat_included = line.part.order.is_vat_included
    amount = line_amount(line.price, row.quantity_before, line.vat_percent, is_vat_included)
    line.quantity = row.quantity_before
    line.net, line.vat, line.gross = amount.net, amount.vat, amount.gross
    return line
