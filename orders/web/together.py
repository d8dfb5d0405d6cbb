"""What others buy with the goods of a cart, at the prices and with the stock of the cart's own place."""

from django.utils import timezone

from catalog.selectors import goods_rows
from catalog.web.offers import offers_for
from catalog.web.related import LEARNT_READ, RelatedRow, learnt_goods
from orders.selectors import CartView
from orders.selectors.together import together_with
from pricing.selectors import terms_for


def learnt_for(view: CartView) -> list[RelatedRow]:
    """One query where nothing was learnt of the goods, eight more where something was."""
    sku_ids = together_with(sku_ids=[line.sku.pk for line in view.lines], limit=LEARNT_READ)
    if not sku_ids:
        return []
    cart = view.cart
    terms = terms_for(contract=cart.contract, city=cart.city, on=timezone.localdate())
    goods = {row.sku_id: row for row in goods_rows(sku_ids)}
    return learnt_goods(sku_ids, goods, offers_for(sku_ids=sku_ids, city=cart.city, terms=terms))
