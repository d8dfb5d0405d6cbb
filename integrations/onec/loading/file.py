"""One file into the database: records in, portions merged, all inside the caller's transaction."""

from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from integrations.onec.loading import staging, streams
from integrations.onec.loading.classifier import load_classifier
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.goods import GoodsLoader
from integrations.onec.loading.names import Units
from integrations.onec.loading.offers import OffersLoader
from integrations.onec.loading.properties import load_properties
from integrations.onec.loading.streams import Stream
from integrations.onec.loading.terms import load_price_type, load_warehouse
from integrations.onec.loading.told import ToldElements
from integrations.onec.reading.ahead import read_ahead
from integrations.onec.reading.file import NAMELESS, CommerceFile
from integrations.onec.reading.records import (
    CatalogRecord,
    ClassifierRecord,
    FileHead,
    GoodRecord,
    OfferRecord,
    PackageRecord,
    PriceTypeRecord,
    PropertyRecord,
    Record,
    UnitRecord,
    WarehouseRecord,
)
from integrations.onec.refusal import ExchangeRefusal

PORTION = 160

_STRANGERS = {
    NAMELESS: "Товары и предложения без Ид пропущены",
    "Контрагент": "Контрагенты в обмене товарами не загружаются",
    "Документ": "Документы в обмене товарами не загружаются",
}


def load_file(context: LoadContext, path: Path) -> None:
    """Load an uploaded XML. Raises ExchangeRefusal; the caller rolls back, so nothing is half-applied."""
    staging.begin()
    told = ToldElements(context, path)
    loader = _FileLoader(context, told)
    begun = 0
    if told.head:
        begun = loader.begin(CommerceFile(path, name=context.file_name, without=[told.head]))
        told.find()
    file = CommerceFile(path, name=context.file_name, without=told.places)
    for record in islice(read_ahead(file.records()), begun, None):
        loader.take(record)
    loader.finish()
    told.keep(odd=file.odd)
    _tell_strangers(context, file)
    for name, count in sorted(file.unknown.items()):
        context.report.warn(f"Неизвестный элемент {name}: {count}")


def _tell_strangers(context: LoadContext, file: CommerceFile) -> None:
    """Say what a file of goods brought besides: a refusal would have 1C send it for ever."""
    counts = context.report.counts
    counts["counterparties_skipped"] += file.strangers["Контрагент"]
    counts["documents_skipped"] += file.strangers["Документ"]
    counts["rejected"] += file.strangers[NAMELESS]
    for name, wording in _STRANGERS.items():
        if file.strangers[name]:
            context.report.warn(f"{wording}: {file.strangers[name]}")


class _FileLoader:
    """Gathers goods and offers into portions and keeps the order of everything else."""

    def __init__(self, context: LoadContext, told: ToldElements) -> None:
        self._context = context
        self._told = told
        self._formed_at: datetime | None = None
        self._offers = OffersLoader(context, told)
        self._goods = GoodsLoader(context, self._offers, told)
        self._units = Units()
        self._is_staging = False
        self._waiting_properties: list[PropertyRecord] = []
        self._waiting_goods: list[GoodRecord] = []
        self._waiting_offers: list[OfferRecord] = []

    def begin(self, head: CommerceFile) -> int:
        """Take what stands before the goods or offers; return how many records that were."""
        begun = 0
        with suppress(ExchangeRefusal):  # the file is read whole yet, and refused then
            for record in head.records():
                self.take(record)
                begun += 1
        self._flush()
        return begun

    def take(self, record: Record) -> None:
        match record:
            case GoodRecord():
                self._waiting_goods.append(record)
                if len(self._waiting_goods) >= PORTION:
                    self._flush()
            case OfferRecord():
                self._waiting_offers.append(record)
                if len(self._waiting_offers) >= PORTION:
                    self._flush()
            case PropertyRecord():
                self._waiting_properties.append(record)
            case _:
                self._flush()
                self._take_term(record)

    def finish(self) -> None:
        """Write what still waits, then the stock."""
        self._flush()
        self._goods.count(self._told.goods)
        self._offers.count(self._told.offers)
        self._offers.finish()
        if self._context.report.counts["goods"]:
            for catalog_id in self._context.catalogs:
                streams.file_remember(
                    self._context,
                    stream=Stream.GOODS,
                    catalog_id=catalog_id,
                    formed_at=self._formed_at,
                )

    def _take_term(self, record: Record) -> None:
        match record:
            case FileHead():
                self._told.is_split = record.version.startswith("3")
                self._formed_at = self._context.believed(record.formed_at)
            case ClassifierRecord():
                load_classifier(self._context, record)
            case PriceTypeRecord():
                load_price_type(self._context, record)
            case WarehouseRecord():
                load_warehouse(self._context, record)
            case UnitRecord():
                self._units.add([record])
            case CatalogRecord():
                self._goods.start_catalog(record)
            case PackageRecord():
                self._offers.start_package(catalog_id=record.catalog_id, formed_at=self._formed_at)
            case _:
                raise TypeError(f"No place for {type(record).__name__}")

    def _flush(self) -> None:
        if not self._is_staging and (self._waiting_properties or self._waiting_goods or self._waiting_offers):
            staging.prepare()
            self._is_staging = True
        if self._waiting_properties:
            load_properties(self._context, self._waiting_properties)
            self._waiting_properties = []
        if self._waiting_goods:
            self._goods.load(self._waiting_goods)
            self._waiting_goods = []
        if self._waiting_offers:
            self._offers.load(self._waiting_offers)
            self._waiting_offers = []
