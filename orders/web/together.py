"""What others buy with the goods of a cart, at the prices and with the stock of the cart's own place."""

from catalog.selectors import available_total, goods_rows
from catalog.web.offers import Offer
from catalog.web.related import RelatedRow, learnt_goods
from orders.selectors import CartView


def learnt_for(view: CartView) -> list[RelatedRow]:
    """Of the goods that the cart was read with; one query, none where there are none."""
    beside = view.beside
    if beside is None or not beside.sku_ids:
        return []
    goods = {row.sku_id: row for row in goods_rows(beside.sku_ids)}
    lies = {pk: list(beside.stocks.get(pk, ())) for pk in beside.sku_ids}
    offers = {pk: Offer(beside.prices.get(pk), lies[pk], available_total(lies[pk])) for pk in beside.sku_ids}
    return learnt_goods(beside.sku_ids, goods, offers)
