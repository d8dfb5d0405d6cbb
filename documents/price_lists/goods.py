"""Goods of a price list with their prices and stock, in portions: memory does not grow with the list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection

from catalog.index.codec import Vector
from catalog.index.reading import Index
from catalog.masks import StockMask
from catalog.models import City, sku_name
from catalog.selectors import availability, available_total
from catalog.selectors.stock_totals import stock_totals
from counterparties.models import Contract, LegalEntity
from documents.price_lists.options import Column, ListOptions
from documents.price_lists.shelves import Shelf, goods_chosen, shelves
from orders.quantities import is_whole_unit
from orders.selectors.trade import trade_terms_for
from orders.vat import vat_rate
from pricing.arithmetic import from_units
from pricing.index import effective_prices
from pricing.selectors import PriceQuote, recommended_prices, terms_for
from pricing.terms import PriceTerms

PORTION = 2_000
_ONE, _LEAST = Decimal(1), Decimal("0.001")
Lies = tuple[Decimal, Mapping[int, Decimal]]
_NOWHERE: Lies = (Decimal(0), {})

_ROWS = """
SELECT sku.id, sku.product_id, product.name, sku.characteristic,
       coalesce(nullif(sku.article, ''), product.article), coalesce(nullif(sku.barcode, ''), product.barcode),
       product.code, coalesce(brand.name, ''), unit.name, unit.code, product.vat_percent, product.weight,
       product.order_multiple
  FROM catalog_sku sku
  JOIN catalog_product product ON product.id = sku.product_id
  JOIN catalog_unit unit ON unit.id = product.unit_id
  LEFT JOIN catalog_brand brand ON brand.id = product.brand_id
 WHERE sku.id = ANY(%s) AND NOT sku.is_hidden AND NOT product.is_hidden
"""
_PACKS = """
SELECT pack.product_id, array_agg(unit.name ORDER BY pack.coefficient, pack.id),
       array_agg(pack.coefficient ORDER BY pack.coefficient, pack.id)
  FROM catalog_pack pack JOIN catalog_unit unit ON unit.id = pack.unit_id
 WHERE pack.product_id = ANY(%s) GROUP BY pack.product_id
"""
_PICTURES = """
SELECT DISTINCT ON (product_id) product_id, coalesce(preview_id, file_id) FROM catalog_picture
 WHERE product_id = ANY(%s) ORDER BY product_id, position, id
"""

Packs = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Buyer:
    """For whom a price list is: decides prices, goods and how exactly stock is told."""

    legal_entity: LegalEntity
    contract: Contract
    city: City
    stock_mask: StockMask


@dataclass(slots=True)
class ListedGoods:
    """One row. `price` is the client's own of one base unit in RUB, as the terms have it; None: on request.

    `vat_percent` is that of the seller's invoices. `step` is by how many base units it is sold. `stocks` are
    base units by warehouse, empty where the list does not show them.
    """

    sku_id: int
    product_id: int
    name: str
    article: str
    barcode: str
    code: str
    brand: str
    unit: str
    step: Decimal
    vat_percent: Decimal | None
    weight: Decimal | None
    price: Decimal | None
    recommended: PriceQuote | None
    available: Decimal
    stocks: Mapping[int, Decimal]
    packs: Packs = ()
    picture: Any = None


class Listing:
    """The goods of one list. `terms` are those of all its prices, `total` is how many rows it can have."""

    def __init__(self, index: Index, options: ListOptions, buyer: Buyer, *, on: date) -> None:
        self.options, self.buyer, self.on = options, buyer, on
        self.terms: PriceTerms = terms_for(
            contract=buyer.contract, city=buyer.city, on=on, legal_entity=buyer.legal_entity
        )
        trade = trade_terms_for([buyer.contract])[buyer.contract.pk]
        self._warehouse_ids = trade.warehouse_ids
        self.shelves: list[Shelf] = shelves(index, options, goods_chosen(index, options, buyer.city))
        self.total = sum(len(shelf.goods) for shelf in self.shelves)
        # Taken once: the list does not change its mind between two portions.
        self._places = np.concatenate([np.zeros(0, np.uint32), *(shelf.goods for shelf in self.shelves)])
        self._sku_ids = index.sku_ids(self._places)
        self._prices: Vector = effective_prices(index, self.terms)

    def rows(self, told: Callable[[int], None] | None = None) -> Iterator[Shelf | ListedGoods]:
        """Each shelf before its goods; `told` hears after each portion how many rows are done.

        Three to eight queries for a portion. What has gone off sale since, or has run out, is left out.
        """
        starts = np.cumsum([0, *(len(shelf.goods) for shelf in self.shelves)]).tolist()
        opened = 0
        for start in range(0, max(self.total, 1), PORTION):
            stop = min(start + PORTION, self.total)
            sku_ids = self._sku_ids[start:stop]
            found = self._portion(sku_ids, self._prices[self._places[start:stop]].tolist())
            for place, sku_id in enumerate(sku_ids, start):
                while opened < len(self.shelves) and starts[opened] <= place:
                    yield self.shelves[opened]
                    opened += 1
                goods = found.get(sku_id)
                if goods is not None and (goods.available > 0 or not self.options.is_in_stock_only):
                    yield goods
            if told is not None:
                told(stop)

    def _portion(self, sku_ids: list[int], units: Sequence[int]) -> dict[int, ListedGoods]:
        if not sku_ids:
            return {}
        options = self.options
        stocks = self._stocks(sku_ids)
        advised = (
            recommended_prices(sku_ids=sku_ids, own={}, on=self.on) if options.has(Column.RECOMMENDED) else {}
        )
        prices = dict(zip(sku_ids, units, strict=True))
        regime = self.buyer.contract.organization.tax_regime
        found = {}
        for row in _read(_ROWS, sku_ids):
            sku_id = row[0]
            available, by_warehouse = stocks.get(sku_id, _NOWHERE)
            price = prices[sku_id]
            found[sku_id] = ListedGoods(
                sku_id=sku_id,
                product_id=row[1],
                name=sku_name(row[2], row[3]),
                article=row[4],
                barcode=row[5],
                code=row[6],
                brand=row[7],
                unit=row[8],
                step=row[12] or (_ONE if is_whole_unit(row[9]) else _LEAST),
                vat_percent=vat_rate(row[10], regime=regime),
                weight=row[11],
                price=from_units(price) if price else None,
                recommended=advised[sku_id].quote if sku_id in advised else None,
                available=available,
                stocks=by_warehouse,
            )
        self._complete(list(found.values()))
        return found

    def _stocks(self, sku_ids: list[int]) -> dict[int, Lies]:
        """How much there is, all together and where; where only in a list that shows it."""
        city, only = self.buyer.city, self._warehouse_ids
        if only is None and not self.options.has(Column.WAREHOUSES):
            totals = stock_totals(sku_ids=sku_ids, city=city)
            return {sku_id: (total.available, {}) for sku_id, total in totals.items()}
        return {
            sku_id: (available_total(lies), {stock.warehouse_id: stock.available for stock in lies})
            for sku_id, lies in availability(sku_ids=sku_ids, city=city, warehouse_ids=only).items()
        }

    def _complete(self, goods: list[ListedGoods]) -> None:
        """What only some lists show."""
        product_ids = [one.product_id for one in goods]
        if self.options.has(Column.PACK):
            packs = {row[0]: tuple(zip(row[1], row[2], strict=True)) for row in _read(_PACKS, product_ids)}
            for one in goods:
                one.packs = packs.get(one.product_id, ())
        if self.options.has(Column.PICTURE):
            pictures = dict(_read(_PICTURES, product_ids))
            for one in goods:
                one.picture = pictures.get(one.product_id)


def _read(statement: str, ids: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        return list(cursor.fetchall())
