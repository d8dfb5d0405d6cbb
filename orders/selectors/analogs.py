"""What to take instead of goods that are no longer sold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from catalog.masks import StockMask, masked_quantity
from catalog.models import ProductRelation, RelationKind, Sku
from catalog.selectors.stock_totals import StockTotal
from portal.lib.money import format_price
from pricing.selectors import PriceQuote

_MOST = 3


@dataclass(frozen=True, slots=True)
class Analog:
    """A sku on sale that may stand in for another; `note` says how far: «частичный аналог, другой цвет»."""

    sku_id: int
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnalogOffered:
    """What may be taken instead: «Гайка М8, 95,00 ₽, 12 шт»; `note` says how far it stands in."""

    sku_id: int
    name: str
    note: str
    price: Decimal | None
    available: Decimal
    stock: str

    @property
    def price_text(self) -> str:
        return "" if self.price is None else format_price(self.price)


def analogs_of(product_ids: Collection[int]) -> dict[int, list[Analog]]:
    """Up to three skus on sale for each product, newer versions first; two queries, none for no products."""
    if not product_ids:
        return {}
    relations = ProductRelation.objects.filter(
        Q(product__in=product_ids, kind__in=_KINDS) | Q(related__in=product_ids, kind=RelationKind.ANALOG)
    ).order_by("position", "pk")
    others: dict[int, dict[int, str]] = {}
    for relation in sorted(relations, key=lambda one: _KINDS.index(RelationKind(one.kind))):
        if relation.product_id in product_ids:
            others.setdefault(relation.product_id, {}).setdefault(relation.related_id, relation.note)
        if relation.related_id in product_ids and relation.kind == RelationKind.ANALOG:
            others.setdefault(relation.related_id, {}).setdefault(relation.product_id, relation.note)
    skus: dict[int, list[Sku]] = {}
    wanted = {pk for found in others.values() for pk in found}
    for sku in Sku.objects.on_sale().select_related("product").filter(product__in=wanted).order_by("pk"):
        skus.setdefault(sku.product_id, []).append(sku)
    return {
        product_id: [
            Analog(sku.pk, sku.name, note) for other, note in found.items() for sku in skus.get(other, ())
        ][:_MOST]
        for product_id, found in others.items()
    }


def analogs_offered(
    analogs: Sequence[Analog],
    prices: Mapping[int, PriceQuote],
    stocks: Mapping[int, StockTotal],
    mask: StockMask,
) -> list[AnalogOffered]:
    """Those that the city has first, then the cheaper ones."""
    offered = []
    for one in analogs:
        quote, stock = prices.get(one.sku_id), stocks.get(one.sku_id)
        held = stock.available if stock else Decimal(0)
        price = quote.amount if quote else None
        told = masked_quantity(held, mask)
        offered.append(AnalogOffered(one.sku_id, one.name, one.note, price, held, told))
    return sorted(offered, key=lambda one: (not one.available, one.price is None, one.price or Decimal(0)))


_KINDS = (RelationKind.NEWER, RelationKind.ANALOG)
