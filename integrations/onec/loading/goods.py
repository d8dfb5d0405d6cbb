"""Goods of a portion: products and what hangs on them, in a handful of statements."""

from collections.abc import Sequence

from integrations.models import ExternalKind
from integrations.onec.loading import details, pending, pictures, products, references, seen, skus, staging
from integrations.onec.loading.classifier import parking_section
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.names import Brands, Units
from integrations.onec.loading.offers import OffersLoader
from integrations.onec.loading.sql import new_ids
from integrations.onec.loading.staged_good import StagedGood
from integrations.onec.loading.told import Standing, ToldElements
from integrations.onec.loading.values import ValueProjector
from integrations.onec.reading.records import CatalogRecord, GoodRecord
from integrations.onec.texts import ID_LENGTH, joined_key


class GoodsLoader:
    """Loads the goods of one file, a portion at a time."""

    def __init__(self, context: LoadContext, offers: OffersLoader, told: ToldElements) -> None:
        self._context = context
        self._offers = offers
        self._told = told
        self._brands = Brands()
        self._units = Units()
        self._values = ValueProjector(context)
        self._classifier_id, self._catalog_id = "", ""
        self._seen: set[str] = set()
        self._led: set[str] = set()

    def start_catalog(self, record: CatalogRecord) -> None:
        """Remember which tree and which catalogue the goods belong to."""
        self._classifier_id, self._catalog_id = record.classifier_id, record.external_id[:ID_LENGTH]
        known = self._context.catalogs
        known[self._catalog_id] = known.get(self._catalog_id, False) or record.is_whole

    def load(self, records: list[GoodRecord]) -> None:
        """Merge a portion. A good that comes twice in a file is taken as it came last."""
        context = self._context
        goods = self._staged(self._distinct(records))
        self._brands.add(good.record.brand for good in goods)
        self._units.add([good.record.unit for good in goods])
        products.merge(context, goods, brands=self._brands, units=self._units)
        whole = [good for good in goods if good.is_leading and not good.record.is_partial]
        details.merge_places(context, whole, parking=self._parking(whole))
        details.merge_packs(whole, units=self._units)
        self._values.merge(whole)
        references.keep(context, whole)
        skus.merge_goods(context, goods)
        pictures.merge(context, [good for good in goods if good.is_leading])
        seen.mark(context, catalog_id=self._catalog_id, product_ids={good.product_id for good in goods})
        staging.empty("staged_product", "staged_place", "staged_pack", "staged_value", "staged_sku")
        for good in whole:
            self._told.take_good(good)
        arrived = [good.record.product_id for good in goods if good.is_new and good.is_leading]
        waiting = pending.take(context, arrived)
        if waiting:
            self._offers.load_pending(waiting)
        context.report.counts["goods"] += len(records)
        context.tell(f"Загружено товаров: {context.report.counts['goods']}")

    def count(self, standing: Sequence[Standing]) -> None:
        """Take notice of goods that came as they are."""
        if not standing:
            return
        context = self._context
        seen.mark(context, catalog_id=self._catalog_id, product_ids={row.object_id for row in standing})
        context.mass.goods.add(known=len(standing), hit=0, samples=[])
        context.report.counts["goods_hidden"] += sum(row.is_deleted for row in standing)
        context.report.counts["goods"] += len(standing)
        context.tell(f"Загружено товаров: {context.report.counts['goods']}")

    def _distinct(self, records: list[GoodRecord]) -> list[GoodRecord]:
        told: dict[str, GoodRecord] = {}
        for record in records:
            key = joined_key(record.product_id, record.characteristic_id)
            if len(record.product_id) > ID_LENGTH or len(record.characteristic_id) > ID_LENGTH:
                self._context.report.reject(
                    "Слишком длинный Ид, товар пропущен", external_id=key, line=record.line
                )
                continue
            if key in self._seen:
                self._context.report.warn(
                    "Ид повторяется в файле: взят последний товар", external_id=key, line=record.line
                )
            self._seen.add(key)
            told.pop(key, None)
            told[key] = record
        return list(told.values())

    def _staged(self, records: list[GoodRecord]) -> list[StagedGood]:
        """Find or give out product ids; one record of each product speaks for it.

        Goods exported per characteristic have no record of their own product: the first of them in
        the file stands in for it, so that the same file always gives the same product.
        """
        plain = {record.product_id for record in records if not record.characteristic_id}
        known = self._context.ids.find(ExternalKind.PRODUCT, {record.product_id for record in records})
        newer = products.overtaken(self._context, known.values())
        records = [record for record in records if self._is_usable(record, known, newer)]
        missing = list(dict.fromkeys(r.product_id for r in records if r.product_id not in known))
        fresh = dict(zip(missing, new_ids("catalog_product", len(missing)), strict=True))
        self._context.ids.add(ExternalKind.PRODUCT, fresh)
        staged = []
        for record in sorted(records, key=lambda r: bool(r.characteristic_id)):
            key = record.product_id
            is_leading = not record.characteristic_id or (key not in plain and key not in self._led)
            if is_leading:
                self._led.add(key)
            pk = known.get(key) or fresh[key]
            staged.append(StagedGood(record, pk, is_new=key in fresh, is_leading=is_leading))
        return staged

    def _is_usable(self, record: GoodRecord, known: dict[str, int], newer: set[int]) -> bool:
        key = joined_key(record.product_id, record.characteristic_id)
        if known.get(record.product_id) in newer:
            self._context.report.warn(
                "Товар уже пришёл в более новом файле: оставлен как есть", external_id=key, line=record.line
            )
            return False
        if record.product_id in known or (record.name and not record.is_partial):
            return True
        self._context.report.reject(
            "Новый товар без наименования пропущен", external_id=key, line=record.line
        )
        return False

    def _parking(self, goods: list[StagedGood]) -> int:
        known = self._context.ids.known(ExternalKind.SECTION)
        is_needed = any(not any(key in known for key in good.record.sections) for good in goods)
        return parking_section(self._context, self._classifier_id) if is_needed else 0
