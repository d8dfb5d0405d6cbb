"""Orders whose export to 1C was set aside."""

from collections.abc import Collection

from django.db.models import QuerySet

from integrations.models import ExportState, OrderExport


def export_faults(order_ids: Collection[int]) -> dict[int, str]:
    """Why parts of the orders are not exported, by order; one query at most."""
    if not order_ids:
        return {}
    rows = _quarantined().filter(part__order__in=order_ids).order_by("-pk")
    return dict(rows.values_list("part__order_id", "error"))


def orders_set_aside() -> QuerySet[OrderExport]:
    """Ids of the orders, for a condition on them."""
    return _quarantined().values("part__order_id")  # type: ignore[return-value]


def _quarantined() -> QuerySet[OrderExport]:
    return OrderExport.objects.filter(state=ExportState.QUARANTINED)
