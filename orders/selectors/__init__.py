"""Reads of carts and orders."""

from orders.selectors.bought import Bought, LastBought, bought_before, last_bought
from orders.selectors.card import OrderCard, PartCard, order_card
from orders.selectors.cart import (
    CartLineView,
    CartView,
    ShipmentPlan,
    cart_by_id,
    cart_current,
    cart_line_count,
    cart_line_view,
    cart_of_line,
    cart_view,
    delivery_addresses,
)
from orders.selectors.elsewhere import CartElsewhere, cart_elsewhere
from orders.selectors.listing import OrderPage, OrderRow, order_rows
from orders.selectors.order_filter import OrderFilter
from orders.selectors.paid import PaidState, paid_state

__all__ = [
    "Bought",
    "CartElsewhere",
    "CartLineView",
    "CartView",
    "LastBought",
    "OrderCard",
    "OrderFilter",
    "OrderPage",
    "OrderRow",
    "PaidState",
    "PartCard",
    "ShipmentPlan",
    "bought_before",
    "cart_by_id",
    "cart_current",
    "cart_elsewhere",
    "cart_line_count",
    "cart_line_view",
    "cart_of_line",
    "cart_view",
    "delivery_addresses",
    "last_bought",
    "order_card",
    "order_rows",
    "paid_state",
]
