"""Offers of a portion: skus, prices, stock; those of unknown goods wait."""

from collections.abc import Sequence
from datetime import datetime

from integrations.models import ExternalKind
from integrations.onec.loading import pending, skus, staging, streams
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.expected import ExpectedLoader
from integrations.onec.loading.prices import PriceLoader
from integrations.onec.loading.skus import ToldSku, characteristic_name
from integrations.onec.loading.sql import fetch
from integrations.onec.loading.stock import StockLoader
from integrations.onec.loading.streams import Stream
from integrations.onec.loading.told import Standing, ToldElements
from integrations.onec.reading.records import OfferRecord
from integrations.onec.texts import ID_LENGTH, joined_key


class OffersLoader:
    """Loads the offers of one file, a portion at a time; `finish` writes the stock."""

    def __init__(self, context: LoadContext, told: ToldElements) -> None:
        self._context = context
        self._told = told
        self._prices = PriceLoader(context)
        self._stock = StockLoader(context)
        self._expected = ExpectedLoader(context)
        self._formed_at: datetime | None = None
        self._catalog_id: str | None = None
        self._overtaken: set[Stream] = set()
        self._seen: set[str] = set()

    def start_package(self, *, catalog_id: str, formed_at: datetime | None) -> None:
        """Learn whose offers follow, and whether newer ones were here before."""
        self._formed_at, self._catalog_id = formed_at, catalog_id
        self._overtaken = {
            stream
            for stream in (Stream.PRICES, Stream.STOCK)
            if not self._context.is_late
            and streams.is_overtaken(
                node_id=self._context.node_id, stream=stream, catalog_id=catalog_id, formed_at=formed_at
            )
        }
        if self._overtaken:
            self._context.report.warn(
                "Файл сформирован раньше уже загруженного: имеющиеся цены и остатки не изменены"
            )

    def load(self, records: list[OfferRecord]) -> None:
        """Merge a portion."""
        context = self._context
        records = self._distinct(records)
        self._prices.adopt_types(records)
        products = context.ids.find(ExternalKind.PRODUCT, {record.product_id for record in records})
        known = [record for record in records if record.product_id in products]
        waiting = [
            record for record in records if record.product_id not in products and not record.is_deleted
        ]
        pending.keep(context, waiting)
        skus = self._merge(known, products, overtaken=self._overtaken)
        self._told.take_portion({record.product_id for record in known})
        if not self._overtaken:
            for record in known:
                sku_id = skus[joined_key(record.product_id, record.characteristic_id)]
                self._told.take_offer(record, sku_id)
        context.report.counts["offers"] += len(records)
        context.tell(f"Загружено предложений: {context.report.counts['offers']}")

    def count(self, standing: Sequence[Standing]) -> None:
        """Take notice of offers that came as they are."""
        if not standing:
            return
        context = self._context
        self._prices.count([row.prices for row in standing], is_overtaken=Stream.PRICES in self._overtaken)
        self._stock.count([row.has_stock for row in standing])
        context.report.counts["offers"] += len(standing)
        context.tell(f"Загружено предложений: {context.report.counts['offers']}")

    def load_pending(self, records: list[OfferRecord]) -> None:
        """Merge offers that waited for goods which have just come."""
        products = self._context.ids.find(ExternalKind.PRODUCT, {record.product_id for record in records})
        self._merge(records, products, overtaken=set())
        self._context.report.counts["offers_applied"] += len(records)

    def finish(self) -> None:
        """Write the stock and note the moment of what was applied."""
        self._stock.write(is_overtaken=Stream.STOCK in self._overtaken)
        if Stream.STOCK not in self._overtaken:
            self._expected.write()
        if self._catalog_id is None:
            return
        told = {Stream.PRICES: self._prices.is_told, Stream.STOCK: self._stock.is_told}
        for stream, is_told in told.items():
            if is_told and stream not in self._overtaken:
                streams.file_remember(
                    self._context,
                    stream=stream,
                    catalog_id=self._catalog_id,
                    formed_at=self._formed_at,
                )

    def _merge(
        self, records: list[OfferRecord], products: dict[str, int], *, overtaken: set[Stream]
    ) -> dict[str, int]:
        """Write the offers of goods that are there; return the skus by id."""
        if not records:
            return {}
        known = skus.merge(self._context, self._told_skus(records, products))
        self._prices.write(records, known, products, is_overtaken=Stream.PRICES in overtaken)
        self._stock.stage(records, known)
        self._expected.stage(records, known)
        staging.empty("staged_sku", "staged_price")
        return known

    def _told_skus(self, records: list[OfferRecord], products: dict[str, int]) -> list[ToldSku]:
        varied = {products[record.product_id] for record in records if record.characteristic_id}
        names = (
            dict(fetch("SELECT id, name FROM catalog_product WHERE id = ANY(%s)", [list(varied)]))
            if varied
            else {}
        )
        return [self._told_sku(record, products[record.product_id], names) for record in records]

    def _told_sku(self, record: OfferRecord, product_id: int, names: dict[int, str]) -> ToldSku:
        return ToldSku(
            product_external_id=record.product_id,
            characteristic_external_id=record.characteristic_id,
            product_id=product_id,
            characteristic=_characteristic(record, names[product_id]) if record.characteristic_id else "",
            article=record.article,
            barcode=record.barcode,
            is_hidden=record.is_deleted,
        )

    def _distinct(self, records: list[OfferRecord]) -> list[OfferRecord]:
        told: dict[str, OfferRecord] = {}
        for record in records:
            key = joined_key(record.product_id, record.characteristic_id)
            if len(record.product_id) > ID_LENGTH or len(record.characteristic_id) > ID_LENGTH:
                self._context.report.reject("Слишком длинный Ид пропущен", external_id=key, line=record.line)
                continue
            if key in self._seen:
                self._context.report.warn(
                    "Ид повторяется в файле: взято последнее предложение", external_id=key, line=record.line
                )
            self._seen.add(key)
            told.pop(key, None)
            told[key] = record
        return list(told.values())


def _characteristic(record: OfferRecord, product_name: str) -> str:
    """Name of the characteristic; empty when a delta offer says nothing of names and the sku has one."""
    if not record.name and not record.characteristic:
        return ""
    return characteristic_name(record.name, product_name, record.characteristic, record.characteristic_id)
