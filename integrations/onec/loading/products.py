"""Product rows: inserted, changed where something differs, hidden and shown again."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from integrations.onec.loading.breaker import Sample
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.names import Brands, Units
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.staged_good import StagedGood
from portal.lib.sorting import name_sort_key

_COLUMNS = (
    "product_id, is_new, is_partial, name, sort_key, full_name, article, code, barcode, description, kind,"
    " item_type, brand_id, unit_id, has_vat, vat_percent, weight, volume,"
    " order_multiple, is_hidden"
)
_INSERT = """
INSERT INTO catalog_product (id, name, sort_key, full_name, article, code, barcode, description, kind,
                             item_type, brand_id, unit_id, vat_percent, weight, volume,
                             order_multiple, is_hidden, created_at, updated_at)
SELECT product_id, name, sort_key, full_name, article, code, barcode, description, kind, item_type,
       brand_id, unit_id, vat_percent, weight, volume, order_multiple, is_hidden, %(at)s, %(at)s
  FROM staged_product WHERE is_new
"""
_UPDATE = """
UPDATE catalog_product product
   SET name = told.name, sort_key = told.sort_key, full_name = told.full_name, article = told.article,
       code = told.code, barcode = told.barcode, description = told.description, kind = told.kind,
       item_type = told.item_type, brand_id = told.brand_id, unit_id = told.unit_id,
       vat_percent = CASE WHEN told.has_vat THEN told.vat_percent ELSE product.vat_percent END,
       weight = told.weight, volume = told.volume,
       order_multiple = COALESCE(told.order_multiple, product.order_multiple),
       is_hidden = told.is_hidden, updated_at = %(at)s
  FROM staged_product told
 WHERE product.id = told.product_id AND NOT told.is_new AND NOT told.is_partial
   AND product.updated_at <= %(until)s
   AND (product.name, product.sort_key, product.full_name, product.article, product.code, product.barcode,
        product.description, product.kind, product.item_type, product.brand_id, product.unit_id,
        product.vat_percent, product.weight, product.volume, product.order_multiple, product.is_hidden)
       IS DISTINCT FROM
       (told.name, told.sort_key, told.full_name, told.article, told.code, told.barcode,
        told.description, told.kind, told.item_type, told.brand_id, told.unit_id,
        CASE WHEN told.has_vat THEN told.vat_percent ELSE product.vat_percent END, told.weight, told.volume,
        COALESCE(told.order_multiple, product.order_multiple), told.is_hidden)
"""
_CONFIRM = """
UPDATE catalog_product product SET updated_at = %(at)s
  FROM staged_product told
 WHERE product.id = told.product_id AND product.updated_at < %(at)s
"""
_OVERTAKEN = "SELECT id FROM catalog_product WHERE id = ANY(%s) AND updated_at > %s AND updated_at <> %s"
_HIDING = """
SELECT product.id FROM staged_product told JOIN catalog_product product ON product.id = told.product_id
 WHERE told.is_hidden AND NOT product.is_hidden ORDER BY product.id
"""
_HIDE_PARTIAL = """
UPDATE catalog_product product SET is_hidden = true, updated_at = %(at)s
  FROM staged_product told
 WHERE product.id = told.product_id AND told.is_partial AND told.is_hidden AND NOT product.is_hidden
   AND product.updated_at <= %(until)s
"""


def merge(context: LoadContext, goods: Sequence[StagedGood], *, brands: Brands, units: Units) -> None:
    """Stage the leading records and merge them; rows that say the same are not touched."""
    leading = [good for good in goods if good.is_leading]
    copy_rows("staged_product", _COLUMNS, [_row(good, brands, units) for good in leading])
    counts, parameters = context.report.counts, {"at": context.at, "until": context.keep_after}
    _count_hidden(context, leading)
    counts["goods_new"] += run(_INSERT, parameters)
    counts["goods_changed"] += run(_UPDATE, parameters) + run(_HIDE_PARTIAL, parameters)
    if context.is_confirming:
        run(_CONFIRM, parameters)
    counts["goods_hidden"] += sum(good.record.is_deleted for good in leading)
    for good in leading:
        if good.is_new and not good.record.has_vat:
            context.report.warn(
                "Ставка НДС не указана: товар заведён без НДС",
                external_id=good.record.product_id,
                line=good.record.line,
            )


def overtaken(context: LoadContext, product_ids: Collection[int]) -> set[int]:
    """Those of which a newer file has told since this one was held; none for a file in its time."""
    if not context.is_late:
        return set()
    return {int(pk) for (pk,) in fetch(_OVERTAKEN, [list(product_ids), context.keep_after, context.at])}


def _count_hidden(context: LoadContext, leading: Sequence[StagedGood]) -> None:
    """Tell the breaker how many of the goods that are there are about to be hidden."""
    samples = []
    if any(good.record.is_deleted and not good.is_new for good in leading):
        samples = [Sample(int(pk), Decimal(1), Decimal(0)) for (pk,) in fetch(_HIDING)]
    known = sum(not good.is_new for good in leading)
    context.mass.goods.add(known=known, hit=len(samples), samples=samples)


def _row(good: StagedGood, brands: Brands, units: Units) -> tuple[Any, ...]:
    record = good.record
    name = product_name(record.name, record.characteristic, is_variant=bool(record.characteristic_id))
    is_hidden = record.is_deleted and not record.characteristic_id
    return (
        good.product_id,
        good.is_new,
        record.is_partial,
        name,
        name_sort_key(name)[:600],
        record.full_name,
        record.article,
        record.code,
        record.barcode,
        record.description,
        record.kind,
        record.item_type or "Товар",
        brands.id_of(record.brand),
        units.id_of(record.unit),
        record.has_vat,
        record.vat_percent,
        record.weight,
        record.volume,
        record.order_multiple,
        is_hidden,
    )


def product_name(name: str, characteristic: str, *, is_variant: bool) -> str:
    """Name without « (характеристика)», which 1C adds to a good exported per characteristic."""
    if not is_variant:
        return name
    if characteristic and name.endswith(f" ({characteristic})"):
        return name.removesuffix(f" ({characteristic})")
    return split_characteristic(name)[0]


def split_characteristic(name: str) -> tuple[str, str]:
    """Cut the last parenthesis off: «Болт (оц.) (М8)» -> («Болт (оц.)», «М8»)."""
    if not name.endswith(")"):
        return name, ""
    depth = 0
    for place in range(len(name) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(name[place], 0)
        if depth == 0:
            return (name[: place - 1], name[place + 1 : -1]) if name[place - 1] == " " else (name, "")
    return name, ""
