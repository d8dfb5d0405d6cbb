"""Carts and what goes to them, codes of clients, orders, goods that are waited for, reviews."""

from orders.models.carts import Cart, CartLine, CartSharing
from orders.models.codes import ClientCode, CodeSource
from orders.models.erp import ErpDocument, ErpDocumentLine, ErpLine
from orders.models.minimums import OrderMinimum
from orders.models.orders import Order, OrderLine, OrderPart, OrderStep, order_id_of, order_reference
from orders.models.pads import Pad
from orders.models.picks import Pick, PickSheet
from orders.models.reviews import Review
from orders.models.uploads import RowState, Upload, UploadRow, UploadSource, UploadState
from orders.models.watches import ArrivalWatch

__all__ = [
    "ArrivalWatch",
    "Cart",
    "CartLine",
    "CartSharing",
    "ClientCode",
    "CodeSource",
    "ErpDocument",
    "ErpDocumentLine",
    "ErpLine",
    "Order",
    "OrderLine",
    "OrderMinimum",
    "OrderPart",
    "OrderStep",
    "Pad",
    "Pick",
    "PickSheet",
    "Review",
    "RowState",
    "Upload",
    "UploadRow",
    "UploadSource",
    "UploadState",
    "order_id_of",
    "order_reference",
]
