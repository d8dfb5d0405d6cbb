"""Price types and warehouses as bases name them, and what they have become on the portal."""

from dataclasses import dataclass

from django.db.models import Count

from catalog.models import CityWarehouse, Stock, Warehouse
from integrations.models import ExchangeNode, ExternalId, ExternalKind
from pricing.models import Price, PriceType


@dataclass(frozen=True, slots=True)
class TermRow:
    """One id of a base; `offers` are prices of the type or stock rows of the warehouse."""

    pk: int
    node: ExchangeNode
    external_id: str
    object_id: int
    name: str
    offers: int
    is_mapped: bool
    state: str


def price_type_rows() -> list[TermRow]:
    """Price types of all bases, the unmapped and most used first; three queries."""
    ids = list(ExternalId.objects.filter(kind=ExternalKind.PRICE_TYPE).select_related("node"))
    types = PriceType.objects.in_bulk([row.object_id for row in ids])
    counts = dict(Price.objects.values_list("price_type").annotate(total=Count("pk")).order_by())
    return _sorted(
        [
            _row(row, found.name, counts.get(found.pk, 0), *_type_state(found))
            for row in ids
            if (found := types.get(row.object_id)) is not None
        ]
    )


def warehouse_rows() -> list[TermRow]:
    """Warehouses of all bases, those that serve nobody and hold most first; four queries."""
    ids = list(ExternalId.objects.filter(kind=ExternalKind.WAREHOUSE).select_related("node"))
    warehouses = Warehouse.objects.in_bulk([row.object_id for row in ids])
    counts = dict(Stock.objects.values_list("warehouse").annotate(total=Count("pk")).order_by())
    serving = set(CityWarehouse.objects.values_list("warehouse", flat=True))
    return _sorted(
        [
            _row(row, found.name, counts.get(found.pk, 0), *_warehouse_state(found, serving))
            for row in ids
            if (found := warehouses.get(row.object_id)) is not None
        ]
    )


def _row(row: ExternalId, name: str, offers: int, is_mapped: bool, state: str) -> TermRow:
    return TermRow(row.pk, row.node, row.external_id, row.object_id, name, offers, is_mapped, state)


def _type_state(price_type: PriceType) -> tuple[bool, str]:
    if price_type.is_open:
        return True, "открыт клиентам"
    if price_type.is_purchase:
        return True, "закупочный"
    return False, "закрыт"


def _warehouse_state(warehouse: Warehouse, serving: set[int]) -> tuple[bool, str]:
    if warehouse.pk in serving:
        return True, "обслуживает города"
    return (False, "без города") if warehouse.is_active else (True, "не действует")


def _sorted(rows: list[TermRow]) -> list[TermRow]:
    return sorted(rows, key=lambda row: (row.is_mapped, -row.offers, row.name, row.pk))
