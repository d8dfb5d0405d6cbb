"""A simulated 1C base: drives the exchange of the portal the way real 1C clients do. Needs no Django."""

from integrations.onec.client.client import OneCClient
from integrations.onec.client.conversation import Conversation, Faults
from integrations.onec.client.order_rules import Violation
from integrations.onec.client.orders import OrderDocument, OrderLine, OrdersAnswer
from integrations.onec.client.orders_back import ProfileName, Work, orders_back
from integrations.onec.client.push import OneCPushClient, PushFaults, PushReport
from integrations.onec.client.reports import PortionReport, Step, UploadReport

__all__ = [
    "Conversation",
    "Faults",
    "OneCClient",
    "OneCPushClient",
    "OrderDocument",
    "OrderLine",
    "OrdersAnswer",
    "PortionReport",
    "ProfileName",
    "PushFaults",
    "PushReport",
    "Step",
    "UploadReport",
    "Violation",
    "Work",
    "orders_back",
]
