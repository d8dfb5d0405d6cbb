"""Price types and warehouses of a package. New ones serve nobody until an administrator says so."""

from collections.abc import Mapping

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


def adopt_price_types(context: LoadContext, told: Mapping[str, str]) -> None:
    """Keep prices of types that nobody has named: each gets a closed row under its id (id -> currency).

    They are shown to nobody, and need not be sent again once an administrator has said what they are.
    """
    known = context.ids.known(ExternalKind.PRICE_TYPE)
    for external_id, currency_name in told.items():
        if external_id not in known:
            row = PriceTypeRecord(external_id, external_id[:160], currency_name, is_vat_included=True)
            load_price_type(context, row)
            context.report.warn("Неизвестный вид цен заведён закрытым", external_id=external_id)


def adopt_warehouse(context: LoadContext, external_id: str, *, line: int) -> int:
    """Keep the stock of a warehouse that nobody has named; it serves no city until it is given to one."""
    _add_warehouse(context, external_id, external_id[:160], "")
    context.report.warn("Неизвестный склад заведён без города", external_id=external_id, line=line)
    return context.ids.known(ExternalKind.WAREHOUSE)[external_id]


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
