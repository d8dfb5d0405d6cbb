"""A price type or a warehouse of 1C turns out to be one that the portal knows already."""

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from catalog.models import CityWarehouse, Stock, Warehouse
from integrations.models import ExternalId, ExternalKind
from integrations.onec.loading.sql import run
from integrations.services.turns import NodeBusy, turn_take
from pricing.models import PriceType

# What the new id has brought is newer than what the old row holds.
_DROP_PRICES = """
DELETE FROM pricing_price old USING pricing_price new
 WHERE old.price_type_id = %(target)s AND new.price_type_id = %(source)s
   AND old.sku_id = new.sku_id AND old.minimum_quantity = new.minimum_quantity
"""
_MOVE_PRICES = "UPDATE pricing_price SET price_type_id = %(target)s WHERE price_type_id = %(source)s"
_TAKE_STOCK = """
UPDATE catalog_stock old SET free = new.free, updated_at = new.updated_at
  FROM catalog_stock new
 WHERE old.warehouse_id = %(target)s AND new.warehouse_id = %(source)s AND old.sku_id = new.sku_id
"""
_MOVE_STOCK = """
UPDATE catalog_stock new SET warehouse_id = %(target)s
 WHERE new.warehouse_id = %(source)s
   AND NOT EXISTS (SELECT FROM catalog_stock old
                    WHERE old.warehouse_id = %(target)s AND old.sku_id = new.sku_id)
"""


class MappingRefused(Exception):
    """The two cannot be one; the message is Russian and for the administrator."""


@transaction.atomic
def price_type_map(*, external_pk: int, target_id: int) -> PriceType:
    """Have an id of a base mean another price type; its prices go with it. Raises MappingRefused."""
    row = _locked(external_pk, ExternalKind.PRICE_TYPE)
    source = PriceType.objects.get(pk=row.object_id)
    target = PriceType.objects.filter(pk=target_id).first()
    if target is None or target == source:
        raise MappingRefused("Выберите другой вид цен")
    if target.currency != source.currency:
        raise MappingRefused(f"Валюты разные: {source.currency} и {target.currency}")
    if source.is_open:
        raise MappingRefused("Вид цен открыт клиентам: сначала закройте его")
    pair = {"source": source.pk, "target": target.pk}
    if not _has_other_ids(row):
        run(_DROP_PRICES, pair)
        run(_MOVE_PRICES, pair)
    _point(row, target.pk)
    _drop_unused(row, source)
    return target


@transaction.atomic
def warehouse_map(*, external_pk: int, target_id: int) -> Warehouse:
    """Have an id of a base mean another warehouse; its stock goes with it. Raises MappingRefused."""
    row = _locked(external_pk, ExternalKind.WAREHOUSE)
    source = Warehouse.objects.get(pk=row.object_id)
    target = Warehouse.objects.filter(pk=target_id).first()
    if target is None or target == source:
        raise MappingRefused("Выберите другой склад")
    if CityWarehouse.objects.filter(warehouse=source).exists():
        raise MappingRefused("Склад обслуживает города: сначала уберите его из них")
    if Stock.objects.filter(warehouse=source, reserved__gt=0).exists():
        raise MappingRefused("На складе есть резервы заказов")
    pair = {"source": source.pk, "target": target.pk}
    if not _has_other_ids(row):
        run(_TAKE_STOCK, pair)
        run(_MOVE_STOCK, pair)
        Stock.objects.filter(warehouse=source).delete()
    _point(row, target.pk)
    _drop_unused(row, source)
    return target


def _locked(external_pk: int, kind: ExternalKind) -> ExternalId:
    row = ExternalId.objects.select_for_update(of=("self",)).filter(pk=external_pk, kind=kind).first()
    if row is None:
        raise MappingRefused("Такого Ид уже нет")
    try:
        turn_take(row.node_id)
    except NodeBusy:
        raise MappingRefused("Сейчас загружается файл этой базы, повторите через минуту") from None
    return row


def _has_other_ids(row: ExternalId) -> bool:
    """Tell whether the row on the portal has another name in 1C, too: then its content stays its own."""
    others = ExternalId.objects.filter(kind=row.kind, object_id=row.object_id).exclude(pk=row.pk)
    return others.exists()


def _point(row: ExternalId, object_id: int) -> None:
    row.object_id = object_id
    row.save(update_fields=["object_id"])


def _drop_unused(row: ExternalId, source: PriceType | Warehouse) -> None:
    """Remove a row that only ever had an id for a name, unless something refers to it."""
    is_stub = source.name == row.external_id[:160]
    if not is_stub or ExternalId.objects.filter(kind=row.kind, object_id=source.pk).exists():
        return
    try:
        with transaction.atomic():
            source.delete()
    except (ProtectedError, RestrictedError):
        return
