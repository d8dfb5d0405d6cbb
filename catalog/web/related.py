"""Goods beside a product, each with the client's own price and the stock of his city."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import RelationKind
from catalog.selectors import GoodsRow, Related
from catalog.web.offers import Offer
from pricing.selectors import PriceQuote

MOST_LEARNT, LEARNT_READ = 6, 12
"""Goods bought together that are shown, and how many are looked at: some are not sold in the city."""


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One related product; with several characteristics it shows the lowest price and all of the stock.

    `sku_id` is what may be put into the cart at once: None where a characteristic has to be chosen.
    """

    name: str
    goods: GoodsRow
    note: str
    sku_id: int | None
    quote: PriceQuote | None
    is_from: bool
    available: Decimal


@dataclass(frozen=True, slots=True)
class RelatedGoods:
    """Related products by kind."""

    analogs: list[RelatedRow]
    newer: list[RelatedRow]
    together: list[RelatedRow]


def related_goods(
    related: Sequence[Related], goods: Mapping[int, GoodsRow], offers: Mapping[int, Offer]
) -> RelatedGoods:
    """Put together what is known; analogs that the city has first, then by price."""
    by_kind: dict[RelationKind, list[RelatedRow]] = {kind: [] for kind in RelationKind}
    for one in related:
        by_kind[one.kind].append(_row(one, goods[one.sku_ids[0]], [offers[pk] for pk in one.sku_ids]))
    return RelatedGoods(
        analogs=sorted(by_kind[RelationKind.ANALOG], key=_in_stock_then_cheap),
        newer=by_kind[RelationKind.NEWER],
        together=by_kind[RelationKind.ACCESSORY] + by_kind[RelationKind.CONSUMABLE],
    )


def learnt_goods(
    sku_ids: Sequence[int],
    goods: Mapping[int, GoodsRow],
    offers: Mapping[int, Offer],
    *,
    but: Collection[int] = (),
) -> list[RelatedRow]:
    """What is bought together, of what the city has at a price; without the products named."""
    return [
        RelatedRow(
            name=goods[sku_id].name,
            goods=goods[sku_id],
            note="",
            sku_id=sku_id,
            quote=offers[sku_id].quote,
            is_from=False,
            available=offers[sku_id].available,
        )
        for sku_id in sku_ids
        if sku_id in goods
        and goods[sku_id].product_id not in but
        and offers[sku_id].quote
        and offers[sku_id].available
    ][:MOST_LEARNT]


def _row(one: Related, goods: GoodsRow, offers: Sequence[Offer]) -> RelatedRow:
    quotes = [offer.quote for offer in offers if offer.quote]
    amounts = {quote.amount for quote in quotes}
    return RelatedRow(
        name=one.name if len(one.sku_ids) > 1 else goods.name,
        goods=goods,
        note=one.note,
        sku_id=one.sku_ids[0] if len(one.sku_ids) == 1 else None,
        quote=min(quotes, key=lambda quote: quote.amount) if quotes else None,
        is_from=len(amounts) > 1,
        available=sum((offer.available for offer in offers), Decimal(0)),
    )


def _in_stock_then_cheap(row: RelatedRow) -> tuple[bool, bool, Decimal]:
    return not row.available, row.quote is None, row.quote.amount if row.quote else Decimal(0)
