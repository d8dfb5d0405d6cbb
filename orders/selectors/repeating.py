"""What an order holds, to be ordered again."""

from dataclasses import dataclass
from decimal import Decimal

from orders.models import ErpLine, Order, OrderLine


@dataclass(frozen=True, slots=True)
class Wanted:
    """Quantities by sku in base units, and names of what the portal does not sell."""

    quantities: dict[int, Decimal]
    unsold: tuple[str, ...]


def goods_to_repeat(order: Order) -> Wanted:
    """Sum the lines of an order by good: what was ordered here, or the rows of an order of 1C; one query."""
    rows: list[tuple[int | None, Decimal, str]] = []
    if order.is_from_erp:
        lines = ErpLine.objects.filter(part__order=order, is_cancelled=False, quantity__gt=0)
        rows += lines.order_by("part_id", "position").values_list("sku_id", "quantity", "name")
    else:
        ordered = OrderLine.objects.filter(part__order=order).order_by("position", "pk")
        rows += ordered.values_list("sku_id", "quantity", "name")
    quantities: dict[int, Decimal] = {}
    unsold: list[str] = []
    for sku_id, quantity, name in rows:
        if sku_id is None:
            unsold.append(name)
        else:
            quantities[sku_id] = quantities.get(sku_id, Decimal(0)) + quantity
    return Wanted(quantities=quantities, unsold=tuple(unsold))
