"""The exchange for the administrator: bases, the journal, decisions, orders both ways, clients."""

from integrations.admin.crm import CrmAccountAdmin, CrmInboundAdmin, CrmLinkAdmin
from integrations.admin.incoming import ErpPartyAdmin, HeldOrderAdmin, OrderStateMappingAdmin
from integrations.admin.journal import ExchangeFileAdmin, ExchangeSessionAdmin
from integrations.admin.nodes import ExchangeNodeAdmin
from integrations.admin.orders import OrderExportAdmin
from integrations.admin.partners import ErpAgreementAdmin, ErpPartnerAdmin
from integrations.admin.push import ExchangeKeyAdmin, PushBatchAdmin, PushRefAdmin
from integrations.admin.requests import ErpRequestAdmin
from integrations.admin.runs import ExchangeRunAdmin
from integrations.admin.streams import ExchangeStreamAdmin, ExternalIdAdmin, PendingOfferAdmin
from integrations.admin.webhooks import WebhookDeliveryAdmin, WebhookEndpointAdmin

__all__ = [
    "CrmAccountAdmin",
    "CrmInboundAdmin",
    "CrmLinkAdmin",
    "ErpAgreementAdmin",
    "ErpPartnerAdmin",
    "ErpPartyAdmin",
    "ErpRequestAdmin",
    "ExchangeFileAdmin",
    "ExchangeKeyAdmin",
    "ExchangeNodeAdmin",
    "ExchangeRunAdmin",
    "ExchangeSessionAdmin",
    "ExchangeStreamAdmin",
    "ExternalIdAdmin",
    "HeldOrderAdmin",
    "OrderExportAdmin",
    "OrderStateMappingAdmin",
    "PendingOfferAdmin",
    "PushBatchAdmin",
    "PushRefAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
]
