"""Carts and what goes to them, codes of clients, orders and what becomes of them, delivery, reviews."""

from orders.models.calculations import (
    Calculation,
    CalculationLine,
    CalculationPut,
    CalculationSharing,
)
from orders.models.carts import Cart, CartLine, CartSharing
from orders.models.changes import OrderChange, OrderChangeLine
from orders.models.claims import Claim, ClaimFile, ClaimLine, ClaimStep, claim_reference
from orders.models.codes import ClientCode, CodeSource
from orders.models.delivery import (
    AddressZone,
    DeliveryKind,
    DeliveryService,
    DeliveryTariff,
    DeliveryZone,
    TradeRule,
)
from orders.models.erp import ErpDocument, ErpDocumentLine, ErpLine
from orders.models.minimums import OrderMinimum
from orders.models.orders import Order, OrderLine, OrderPart, order_id_of, order_reference
from orders.models.pads import Pad
from orders.models.picks import Pick, PickSheet
from orders.models.quotes import QUOTE, Quote, QuoteLine, QuoteOffer, QuoteOfferLine, QuoteStep
from orders.models.reviews import Review
from orders.models.rhythms import PurchaseRhythm
from orders.models.schedules import OrderSchedule, OrderView
from orders.models.served import OrderServed
from orders.models.shipments import (
    Receipt,
    ReceiptLine,
    ShipmentMethod,
    ShipmentRequest,
    ShipmentRequestLine,
)
from orders.models.steps import OrderStep
from orders.models.together import BoughtTogether
from orders.models.uploads import RowState, Upload, UploadRow, UploadSource, UploadState
from orders.models.watches import ArrivalWatch, ListWatch, ListWatchKind, PriceWatch

__all__ = [
    "QUOTE",
    "AddressZone",
    "ArrivalWatch",
    "BoughtTogether",
    "Calculation",
    "CalculationLine",
    "CalculationPut",
    "CalculationSharing",
    "Cart",
    "CartLine",
    "CartSharing",
    "Claim",
    "ClaimFile",
    "ClaimLine",
    "ClaimStep",
    "ClientCode",
    "CodeSource",
    "DeliveryKind",
    "DeliveryService",
    "DeliveryTariff",
    "DeliveryZone",
    "ErpDocument",
    "ErpDocumentLine",
    "ErpLine",
    "ListWatch",
    "ListWatchKind",
    "Order",
    "OrderChange",
    "OrderChangeLine",
    "OrderLine",
    "OrderMinimum",
    "OrderPart",
    "OrderSchedule",
    "OrderServed",
    "OrderStep",
    "OrderView",
    "Pad",
    "Pick",
    "PickSheet",
    "PriceWatch",
    "PurchaseRhythm",
    "Quote",
    "QuoteLine",
    "QuoteOffer",
    "QuoteOfferLine",
    "QuoteStep",
    "Receipt",
    "ReceiptLine",
    "Review",
    "RowState",
    "ShipmentMethod",
    "ShipmentRequest",
    "ShipmentRequestLine",
    "TradeRule",
    "Upload",
    "UploadRow",
    "UploadSource",
    "UploadState",
    "claim_reference",
    "order_id_of",
    "order_reference",
]
