"""Writes of carts and orders; one function is one business act."""

from orders.refusals import (
    BelowMinimum,
    CartEmpty,
    CityClosed,
    ContractClosed,
    IdempotencyConflict,
    OrderRefused,
    PriceChanged,
    PriceUnknown,
    ShortLine,
    SkuNotOnSale,
    StockShort,
    WrongQuantity,
)
from orders.services.carrying import cart_carry
from orders.services.cart import (
    Repeated,
    cart_add,
    cart_clear,
    cart_fill,
    cart_line_note,
    cart_line_remove,
    cart_line_set,
    order_repeat,
)
from orders.services.decisions import (
    order_approve,
    order_decline,
    order_hold,
    order_reject,
    order_release,
)
from orders.services.steps import order_cancel, order_confirm, part_accepted
from orders.services.submission import order_submit
from orders.states import WrongState

__all__ = [
    "BelowMinimum",
    "CartEmpty",
    "CityClosed",
    "ContractClosed",
    "IdempotencyConflict",
    "OrderRefused",
    "PriceChanged",
    "PriceUnknown",
    "Repeated",
    "ShortLine",
    "SkuNotOnSale",
    "StockShort",
    "WrongQuantity",
    "WrongState",
    "cart_add",
    "cart_carry",
    "cart_clear",
    "cart_fill",
    "cart_line_note",
    "cart_line_remove",
    "cart_line_set",
    "order_approve",
    "order_cancel",
    "order_confirm",
    "order_decline",
    "order_hold",
    "order_reject",
    "order_release",
    "order_repeat",
    "order_submit",
    "part_accepted",
]
