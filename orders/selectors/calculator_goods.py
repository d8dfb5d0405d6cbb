"""Goods of a reckoning at the reader's own prices and stock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from catalog.masks import is_told_exactly, stock_text
from catalog.models import Pack, Sku
from catalog.selectors import WarehouseStock, availability, available_total
from counterparties.models import TaxRegime
from counterparties.selectors import Workplace
from orders.packs import Packing, packs_text, quantity_up
from orders.vat import vat_rate
from portal.lib.money import format_price, line_amount
from pricing.selectors import PriceQuote, quotes, terms_for

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Offered:
    """A good in the quantity in which it would be bought; money in RUB with VAT, weight kg.

    `stock_text` is as exact as the client may see it, so is `is_enough`: it never tells more than the text.
    """

    sku_id: int
    product_id: int
    name: str
    article: str
    unit: str
    quantity: Decimal
    packs_text: str
    price_text: str
    gross: Decimal | None
    weight: Decimal | None
    stock_text: str
    is_in_stock: bool
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Sum of what is taken; `unpriced` lines have no price."""

    gross: Decimal
    weight: Decimal
    count: int
    unpriced: int


class GoodsDesk:
    """Prices and stock of many skus of one workplace, read once."""

    def __init__(
        self, sku_ids: Collection[int], quantities: Mapping[int, Decimal], *, workplace: Workplace, on: date
    ) -> None:
        self._workplace = workplace
        contract, city = workplace.contract, workplace.city
        terms = (
            terms_for(contract=contract, city=city, on=on, legal_entity=workplace.legal_entity)
            if workplace.sees_prices and sku_ids
            else None
        )
        self._prices = quotes(sku_ids=sku_ids, terms=terms, quantities=quantities)
        self._stocks = availability(sku_ids=sku_ids, city=city)
        self._regime = contract.organization.tax_regime if contract else TaxRegime.GENERAL
        self._skus: dict[int, Sku] = {}
        self._packs: dict[int, list[Packing]] = {}

    def sorted(self, sku_ids: Iterable[int], wanted: Decimal, *, is_in_stock_first: bool) -> list[int]:
        """The best first: cheap ones, or those that lie in a sufficient quantity; without a price last."""

        def rank(sku_id: int) -> tuple[bool, bool, bool, Decimal, int]:
            quote = self._prices.get(sku_id)
            return (
                is_in_stock_first and not self._is_enough(sku_id, wanted),
                is_in_stock_first and not self._available(sku_id),
                quote is None,
                quote.amount if quote else _NOTHING,
                sku_id,
            )

        return sorted(sku_ids, key=rank)

    def read(self, sku_ids: Collection[int]) -> None:
        """Bring names, units and packages of those that will be shown; two queries."""
        skus = Sku.objects.on_sale().select_related("product__unit").defer("product__description")
        self._skus = skus.in_bulk(list(sku_ids))
        products = {sku.product_id for sku in self._skus.values()}
        rows = Pack.objects.filter(product__in=products).order_by("coefficient", "pk")
        for product_id, unit, size in rows.values_list("product_id", "unit__name", "coefficient"):
            self._packs.setdefault(product_id, []).append(Packing(unit, size))

    def knows(self, sku_id: int) -> bool:
        """Whether the good is still sold."""
        return sku_id in self._skus

    def offered(self, sku_id: int, wanted: Decimal, *, is_by_pack: bool) -> Offered | None:
        """A good in the least quantity that covers what is wanted; None where it cannot be bought so."""
        sku = self._skus.get(sku_id)
        if sku is None:
            return None
        packs = self._packs.get(sku.product_id, [])
        quantity = quantity_up(wanted, sku.product, packs, is_by_pack=is_by_pack)
        return None if quantity is None else self._offered(sku, quantity, packs)

    def exactly(self, sku_id: int, quantity: Decimal) -> Offered | None:
        """A good in this very quantity."""
        sku = self._skus.get(sku_id)
        return None if sku is None else self._offered(sku, quantity, self._packs.get(sku.product_id, []))

    def _offered(self, sku: Sku, quantity: Decimal, packs: Sequence[Packing]) -> Offered:
        quote, unit = self._prices.get(sku.pk), sku.product.unit.name
        available = self._available(sku.pk)
        weight = sku.product.weight
        return Offered(
            sku_id=sku.pk,
            product_id=sku.product_id,
            name=sku.name,
            article=sku.article or sku.product.article,
            unit=unit,
            quantity=quantity,
            packs_text=packs_text(quantity, packs, unit),
            price_text=format_price(quote.amount) if quote else "",
            gross=self._gross(quote, sku, quantity),
            weight=None if weight is None else weight * quantity,
            stock_text=stock_text(available, unit, self._workplace.stock_mask),
            is_in_stock=available > 0,
            is_enough=self._is_enough(sku.pk, quantity),
        )

    def _gross(self, quote: PriceQuote | None, sku: Sku, quantity: Decimal) -> Decimal | None:
        if quote is None:
            return None
        rate = vat_rate(sku.product.vat_percent, regime=self._regime)
        return line_amount(quote.amount, quantity, rate, quote.is_vat_included).gross

    def _is_enough(self, sku_id: int, wanted: Decimal) -> bool:
        """Asking for more and more must not find out a number that the client may not see."""
        available = self._available(sku_id)
        if is_told_exactly(available, self._workplace.stock_mask):
            return available >= wanted
        return available > 0

    def _available(self, sku_id: int) -> Decimal:
        stocks: Sequence[WarehouseStock] = self._stocks.get(sku_id, ())
        return available_total(stocks)


def totals_of(taken: Iterable[Offered]) -> Totals:
    """Add up."""
    goods = list(taken)
    return Totals(
        gross=sum((one.gross for one in goods if one.gross is not None), _NOTHING),
        weight=sum((one.weight for one in goods if one.weight is not None), _NOTHING),
        count=len(goods),
        unpriced=sum(1 for one in goods if one.gross is None),
    )
