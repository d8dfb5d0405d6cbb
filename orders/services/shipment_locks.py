"""What is locked before goods are asked for, or promised."""

from collections.abc import Collection

from orders.models import Order, OrderPart


def orders_parts_lock(
    *, order_ids: Collection[int], part_ids: Collection[int]
) -> tuple[list[Order], list[OrderPart]]:
    """Lock orders, then parts of theirs, each by key."""
    orders = Order.objects.select_related("contract").filter(pk__in=order_ids)
    parts = OrderPart.objects.select_related("warehouse").filter(pk__in=part_ids)
    return (
        list(orders.select_for_update(of=("self",)).order_by("pk")),
        list(parts.select_for_update(of=("self",), no_key=True).order_by("pk")),
    )
