"""Carts, what is typed before it goes to one, and orders."""

from orders.models.carts import Cart, CartLine
from orders.models.orders import Order, OrderLine, OrderPart, OrderStep, order_reference
from orders.models.picks import Pick, PickSheet

__all__ = [
    "Cart",
    "CartLine",
    "Order",
    "OrderLine",
    "OrderPart",
    "OrderStep",
    "Pick",
    "PickSheet",
    "order_reference",
]
