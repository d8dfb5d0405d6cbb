"""Price types and warehouses of a package. New ones serve nobody until an administrator says so."""

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import fetch, run
from integrations.onec.reading.records import PriceTypeRecord, WarehouseRecord

DEFAULT_WAREHOUSE_ID = "~"
_DEFAULT_WAREHOUSE_NAME = "Основной склад"

_INSERT_PRICE_TYPE = """
INSERT INTO pricing_pricetype (name, currency, is_vat_included, is_open)
VALUES (%s, %s, %s, false) RETURNING id
"""
_UPDATE_PRICE_TYPE = """
UPDATE pricing_pricetype SET name = %(name)s, currency = %(currency)s, is_vat_included = %(vat)s
 WHERE id = %(id)s AND (name, currency, is_vat_included) IS DISTINCT FROM (%(name)s, %(currency)s, %(vat)s)
"""
_INSERT_WAREHOUSE = """
INSERT INTO catalog_warehouse (name, address, is_active) VALUES (%s, %s, true) RETURNING id
"""
_UPDATE_WAREHOUSE = """
UPDATE catalog_warehouse
   SET name = %(name)s, address = coalesce(nullif(%(address)s, ''), address),
       is_active = is_active AND NOT %(deleted)s
 WHERE id = %(id)s
   AND (name <> %(name)s OR (%(address)s <> '' AND address <> %(address)s) OR (is_active AND %(deleted)s))
"""


def load_price_type(context: LoadContext, record: PriceTypeRecord) -> None:
    """Take over a price type; a new one is closed: purchase prices come the same way."""
    known = context.ids.known(ExternalKind.PRICE_TYPE)
    if record.external_id in known:
        run(
            _UPDATE_PRICE_TYPE,
            {
                "id": known[record.external_id],
                "name": record.name,
                "currency": record.currency,
                "vat": record.is_vat_included,
            },
        )
        return
    ((pk,),) = fetch(_INSERT_PRICE_TYPE, [record.name, record.currency, record.is_vat_included])
    context.ids.add(ExternalKind.PRICE_TYPE, {record.external_id: int(pk)})
    context.report.counts["price_types_new"] += 1


def load_warehouse(context: LoadContext, record: WarehouseRecord) -> None:
    """Take over a warehouse; an address that is not sent stays."""
    known = context.ids.known(ExternalKind.WAREHOUSE)
    if record.external_id in known:
        run(
            _UPDATE_WAREHOUSE,
            {
                "id": known[record.external_id],
                "name": record.name,
                "address": record.address,
                "deleted": record.is_deleted,
            },
        )
        return
    if not record.is_deleted:
        _add_warehouse(context, record.external_id, record.name, record.address)


def default_warehouse(context: LoadContext) -> int | None:
    """Where a total without a warehouse lies: the only one there is; None when there are several."""
    known = context.ids.known(ExternalKind.WAREHOUSE)
    if not known:
        _add_warehouse(context, DEFAULT_WAREHOUSE_ID, _DEFAULT_WAREHOUSE_NAME, "")
    return next(iter(known.values())) if len(known) == 1 else None


def _add_warehouse(context: LoadContext, external_id: str, name: str, address: str) -> None:
    ((pk,),) = fetch(_INSERT_WAREHOUSE, [name, address])
    context.ids.add(ExternalKind.WAREHOUSE, {external_id: int(pk)})
    context.report.counts["warehouses_new"] += 1
