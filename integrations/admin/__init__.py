"""The exchange for the administrator: bases and their passwords, the journal, decisions, orders."""

from integrations.admin.journal import ExchangeFileAdmin, ExchangeSessionAdmin
from integrations.admin.nodes import ExchangeNodeAdmin
from integrations.admin.orders import OrderExportAdmin
from integrations.admin.runs import ExchangeRunAdmin
from integrations.admin.streams import ExchangeStreamAdmin, ExternalIdAdmin, PendingOfferAdmin

__all__ = [
    "ExchangeFileAdmin",
    "ExchangeNodeAdmin",
    "ExchangeRunAdmin",
    "ExchangeSessionAdmin",
    "ExchangeStreamAdmin",
    "ExternalIdAdmin",
    "OrderExportAdmin",
    "PendingOfferAdmin",
]
