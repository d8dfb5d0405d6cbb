"""Stock: gathered while the file is read, written at its end in the order in which orders lock it."""

from collections.abc import Sequence
from decimal import Decimal

from integrations.models import ExternalKind
from integrations.onec.loading.breaker import Sample
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.terms import adopt_warehouse, default_warehouse
from integrations.onec.reading.records import OfferRecord
from integrations.onec.texts import joined_key

_LARGEST = Decimal(10) ** 12
_THOUSANDTH = Decimal("0.001")

# A row without a warehouse marks a sku whose stock is told; warehouses not listed for it hold nothing.
_FIND_CHANGES = """
INSERT INTO staged_stock_change (stock_id, free)
SELECT stock.id, coalesce(told.free, 0)
  FROM staged_stock mark
  JOIN catalog_stock stock ON stock.sku_id = mark.sku_id AND stock.warehouse_id = ANY(%s)
  LEFT JOIN staged_stock told ON told.sku_id = stock.sku_id AND told.warehouse_id = stock.warehouse_id
 WHERE mark.warehouse_id IS NULL AND (stock.free <> coalesce(told.free, 0) OR %s) AND stock.updated_at <= %s
 ORDER BY stock.id
   FOR UPDATE OF stock
"""
# Skus that had stock, and those of them that are left without any.
_GONE = """
SELECT count(*), count(*) FILTER (WHERE is_gone),
       (array_agg(ARRAY[sku_id, before, after] ORDER BY before DESC, sku_id) FILTER (WHERE is_gone))[1:20]
  FROM (SELECT mark.sku_id, coalesce(sum(told.free), 0) AS after,
               coalesce(max(told.free), 0) <= 0 AS is_gone, had.before
          FROM staged_stock mark
          JOIN LATERAL (SELECT sum(stock.free) AS before FROM catalog_stock stock
                         WHERE stock.sku_id = mark.sku_id AND stock.warehouse_id = ANY(%s)
                           AND stock.free > 0) had
               ON had.before > 0
          LEFT JOIN staged_stock told ON told.sku_id = mark.sku_id AND told.warehouse_id IS NOT NULL
         WHERE mark.warehouse_id IS NULL
         GROUP BY mark.sku_id, had.before) told
"""
_COUNT = """
SELECT count(*) FROM staged_stock_change told JOIN catalog_stock stock ON stock.id = told.stock_id
 WHERE stock.free <> told.free
"""
_CHANGE = """
UPDATE catalog_stock stock SET free = told.free, updated_at = %s
  FROM staged_stock_change told WHERE stock.id = told.stock_id
"""
_ADD = """
INSERT INTO catalog_stock (sku_id, warehouse_id, free, reserved, updated_at)
SELECT told.sku_id, told.warehouse_id, told.free, 0, %s
  FROM staged_stock told
 WHERE told.warehouse_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM catalog_stock stock
                    WHERE stock.sku_id = told.sku_id AND stock.warehouse_id = told.warehouse_id)
ON CONFLICT (sku_id, warehouse_id) DO UPDATE SET free = EXCLUDED.free, updated_at = EXCLUDED.updated_at
"""


class StockLoader:
    """Gathers the stock of one file. `free` is replaced, `reserved` is the portal's own."""

    def __init__(self, context: LoadContext) -> None:
        self._context = context
        self._seen: set[int] = set()
        self._standing = 0
        self.is_told = False

    def stage(self, offers: Sequence[OfferRecord], skus: dict[str, int]) -> None:
        """Remember what the offers say; an offer that says nothing of stock leaves it as it is."""
        rows: dict[int, dict[int | None, Decimal]] = {}
        for offer in offers:
            told = self._told(offer)
            if told is not None:
                sku_id = skus[joined_key(offer.product_id, offer.characteristic_id)]
                rows[sku_id] = {None: Decimal(0), **told}
        repeated = [sku_id for sku_id in rows if sku_id in self._seen]
        if repeated:
            run("DELETE FROM staged_stock WHERE sku_id = ANY(%s)", [repeated])
        self._seen.update(rows)
        self.is_told = self.is_told or bool(rows)
        copy_rows(
            "staged_stock",
            "sku_id, warehouse_id, free",
            (
                (sku_id, warehouse_id, free)
                for sku_id, told in rows.items()
                for warehouse_id, free in told.items()
            ),
        )

    def count(self, told: Sequence[bool | None]) -> None:
        """Take notice of stock that came as it is: has each sku any; None of an offer silent of it."""
        self.is_told = self.is_told or any(has_stock is not None for has_stock in told)
        self._standing += sum(has_stock is True for has_stock in told)

    def write(self, *, is_overtaken: bool) -> None:
        """Write what was gathered; a file overtaken by a newer one only adds what is missing."""
        if not self._seen:
            return
        run("ANALYZE staged_stock")
        changed = 0
        if not is_overtaken:
            changed = self._change(list(self._context.ids.known(ExternalKind.WAREHOUSE).values()))
        changed += run(_ADD, [self._context.at])
        self._context.report.counts["stocks_changed"] += changed

    def _change(self, warehouses: list[int]) -> int:
        """Change the rows that differ; count the skus that are left with nothing."""
        context = self._context
        found = run(_FIND_CHANGES, [warehouses, context.is_confirming, context.keep_after])
        if not found:
            return 0
        changed = int(fetch(_COUNT)[0][0]) if context.is_confirming else found
        ((known, gone, rows),) = fetch(_GONE, [warehouses])
        samples = [Sample(int(pk), before, after) for pk, before, after in rows or ()]
        context.mass.stock.add(known=known + self._standing, hit=gone, samples=samples)
        run(_CHANGE, [context.at])
        return changed

    def _told(self, offer: OfferRecord) -> dict[int | None, Decimal] | None:
        if offer.stocks is None and offer.quantity is None:
            return None
        if offer.stocks:
            return self._listed(offer)
        if not offer.quantity:
            return {}
        warehouse_id = default_warehouse(self._context)
        if warehouse_id is None:
            self._context.report.warn(
                "Количество без склада при нескольких складах: остаток не изменён",
                external_id=offer.product_id,
                line=offer.line,
            )
            return None
        return self._row(offer, warehouse_id, offer.quantity)

    def _listed(self, offer: OfferRecord) -> dict[int | None, Decimal]:
        known = self._context.ids.known(ExternalKind.WAREHOUSE)
        told: dict[int | None, Decimal] = {}
        for external_id, free in offer.stocks or ():
            warehouse_id = known.get(external_id)
            if warehouse_id is None:
                warehouse_id = adopt_warehouse(self._context, external_id, line=offer.line)
            told |= self._row(offer, warehouse_id, free)
        return told

    def _row(self, offer: OfferRecord, warehouse_id: int, free: Decimal) -> dict[int | None, Decimal]:
        if abs(free) < _LARGEST:
            return {warehouse_id: free.quantize(_THOUSANDTH)}
        self._context.report.warn(
            "Слишком большой остаток пропущен", external_id=offer.product_id, line=offer.line
        )
        return {}
