"""Sku rows: the good as such, and its characteristics."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.products import split_characteristic
from integrations.onec.loading.sql import copy_rows, new_ids, run
from integrations.onec.loading.staged_good import StagedGood
from integrations.onec.texts import joined_key

_COLUMNS = "sku_id, product_id, is_new, is_base, characteristic, article, barcode, is_hidden"
_INSERT = """
INSERT INTO catalog_sku (id, product_id, characteristic, article, barcode, is_hidden)
SELECT sku_id, product_id, characteristic, article, barcode, coalesce(is_hidden, false)
  FROM staged_sku WHERE is_new
"""
# A delta offer has no names: what it does not say stays. The good as such is hidden by the rule below.
_UPDATE = """
UPDATE catalog_sku sku
   SET characteristic = coalesce(nullif(told.characteristic, ''), sku.characteristic),
       article = coalesce(nullif(told.article, ''), sku.article),
       barcode = coalesce(nullif(told.barcode, ''), sku.barcode),
       is_hidden = CASE WHEN told.is_base THEN sku.is_hidden ELSE coalesce(told.is_hidden, sku.is_hidden) END
  FROM staged_sku told
 WHERE sku.id = told.sku_id AND NOT told.is_new
   AND (sku.characteristic, sku.article, sku.barcode, sku.is_hidden) IS DISTINCT FROM
       (coalesce(nullif(told.characteristic, ''), sku.characteristic),
        coalesce(nullif(told.article, ''), sku.article),
        coalesce(nullif(told.barcode, ''), sku.barcode),
        CASE WHEN told.is_base THEN sku.is_hidden ELSE coalesce(told.is_hidden, sku.is_hidden) END)
"""
# The good as such is not sold beside its characteristics; without any it is, unless its own offer
# is marked deleted in this portion.
_BASES = """
UPDATE catalog_sku base SET is_hidden = wanted.is_hidden
  FROM (SELECT sku.id,
               EXISTS (SELECT FROM catalog_sku own
                        WHERE own.product_id = sku.product_id AND own.characteristic <> ''
                          AND NOT own.is_hidden)
               OR coalesce(told.is_hidden, sku.is_hidden) AS is_hidden
          FROM catalog_sku sku
          LEFT JOIN staged_sku told ON told.sku_id = sku.id AND told.is_base
         WHERE sku.characteristic = '' AND sku.product_id IN (SELECT product_id FROM staged_sku)) wanted
 WHERE base.id = wanted.id AND base.is_hidden <> wanted.is_hidden
"""


@dataclass(frozen=True, slots=True)
class ToldSku:
    """What a file says of one sku; empty texts and a mark of None say nothing."""

    product_external_id: str
    characteristic_external_id: str
    product_id: int
    characteristic: str
    article: str
    barcode: str
    is_hidden: bool | None

    @property
    def external_id(self) -> str:
        return joined_key(self.product_external_id, self.characteristic_external_id)


def merge_goods(context: LoadContext, goods: Sequence[StagedGood]) -> None:
    """Give every product its own sku, and one to each characteristic exported as a good."""
    told = {}
    for good in goods:
        record = good.record
        if good.is_leading and not record.is_partial:
            base = _told(good, characteristic_external_id="", characteristic="", is_hidden=None)
            told[base.external_id] = base
        if record.characteristic_id:
            name = characteristic_name(record.name, "", record.characteristic, record.characteristic_id)
            own = _told(
                good,
                characteristic_external_id=record.characteristic_id,
                characteristic=name,
                is_hidden=record.is_deleted,
            )
            told[own.external_id] = own
    merge(context, list(told.values()))


def _told(
    good: StagedGood, *, characteristic_external_id: str, characteristic: str, is_hidden: bool | None
) -> ToldSku:
    record = good.record
    is_foreign = bool(record.characteristic_id) and not characteristic_external_id
    return ToldSku(
        product_external_id=record.product_id,
        characteristic_external_id=characteristic_external_id,
        product_id=good.product_id,
        characteristic=characteristic,
        article=record.article,
        barcode="" if is_foreign else record.barcode,
        is_hidden=is_hidden,
    )


def merge(context: LoadContext, told: Collection[ToldSku]) -> dict[str, int]:
    """Insert and change skus; return the row of each external id."""
    found = context.ids.find(ExternalKind.SKU, [sku.external_id for sku in told])
    missing = [sku.external_id for sku in told if sku.external_id not in found]
    fresh = dict(zip(missing, new_ids("catalog_sku", len(missing)), strict=True))
    context.ids.add(ExternalKind.SKU, fresh)
    known = found | fresh
    rows = [
        (
            known[sku.external_id],
            sku.product_id,
            sku.external_id in fresh,
            not sku.characteristic_external_id,
            # A characteristic that nobody has named yet is told apart by its id.
            sku.characteristic or (sku.characteristic_external_id if sku.external_id in fresh else ""),
            sku.article,
            sku.barcode,
            sku.is_hidden,
        )
        for sku in told
    ]
    copy_rows("staged_sku", _COLUMNS, rows)
    context.report.counts["skus_new"] += run(_INSERT)
    run(_UPDATE)
    run(_BASES)
    return known


def characteristic_name(name: str, product_name: str, values: str, external_id: str) -> str:
    """Name a characteristic as 1C does: what it adds to the product's name in parentheses.

    1C looks ordered goods up by their exact name, so the parenthesis wins over the listed values.
    """
    if product_name and name.startswith(f"{product_name} (") and name.endswith(")"):
        return name[len(product_name) + 2 : -1][:250]
    if values and name.endswith(f" ({values})"):
        return values
    return (split_characteristic(name)[1] or values or external_id)[:250]
