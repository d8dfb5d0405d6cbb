"""Carts, what is typed before it goes to one, orders, goods that are waited for, reviews of those bought."""

from orders.models.carts import Cart, CartLine
from orders.models.erp import ErpDocument, ErpDocumentLine, ErpLine
from orders.models.orders import Order, OrderLine, OrderPart, OrderStep, order_id_of, order_reference
from orders.models.picks import Pick, PickSheet
from orders.models.reviews import Review
from orders.models.watches import ArrivalWatch

__all__ = [
    "ArrivalWatch",
    "Cart",
    "CartLine",
    "ErpDocument",
    "ErpDocumentLine",
    "ErpLine",
    "Order",
    "OrderLine",
    "OrderPart",
    "OrderStep",
    "Pick",
    "PickSheet",
    "Review",
    "order_id_of",
    "order_reference",
]
