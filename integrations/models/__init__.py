"""1C bases, conversations with them, and whose id is whose."""

from integrations.models.crm import (
    CrmAccount,
    CrmBucket,
    CrmInbound,
    CrmKind,
    CrmLink,
    CrmSegment,
    CrmThing,
    CrmUser,
    InboundSource,
    InboundState,
    LinkState,
)
from integrations.models.exports import ExportState, OrderExport, OrderTrial
from integrations.models.freshness import StreamAlarm, StreamKind, StreamLimit
from integrations.models.incoming import (
    ErpParty,
    FieldTruth,
    ForeignSystem,
    HeldOrder,
    OrderField,
    OrderStateMapping,
    PartyState,
    StateTarget,
    TruthOwner,
)
from integrations.models.nodes import ExchangeNode, ExternalId, ExternalKind, QueryEncoding
from integrations.models.partners import ErpAgreement, ErpPartner
from integrations.models.push import ExchangeKey, PushBatch, PushMode, PushRef, PushStream, RefState
from integrations.models.requests import ErpRequest, PaperOrderRef, RequestKind, RequestState
from integrations.models.runs import ExchangeRun, RunState, SeenGood
from integrations.models.sessions import ExchangeFile, ExchangeSession, FileState, SessionKind
from integrations.models.streams import ExchangeStream, PendingOffer, PendingTerm
from integrations.models.told import ToldElement
from integrations.models.webhooks import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "CrmAccount",
    "CrmBucket",
    "CrmInbound",
    "CrmKind",
    "CrmLink",
    "CrmSegment",
    "CrmThing",
    "CrmUser",
    "DeliveryState",
    "ErpAgreement",
    "ErpPartner",
    "ErpParty",
    "ErpRequest",
    "ExchangeFile",
    "ExchangeKey",
    "ExchangeNode",
    "ExchangeRun",
    "ExchangeSession",
    "ExchangeStream",
    "ExportState",
    "ExternalId",
    "ExternalKind",
    "FieldTruth",
    "FileState",
    "ForeignSystem",
    "HeldOrder",
    "InboundSource",
    "InboundState",
    "LinkState",
    "OrderExport",
    "OrderField",
    "OrderStateMapping",
    "OrderTrial",
    "PaperOrderRef",
    "PartyState",
    "PendingOffer",
    "PendingTerm",
    "PushBatch",
    "PushMode",
    "PushRef",
    "PushStream",
    "QueryEncoding",
    "RefState",
    "RequestKind",
    "RequestState",
    "RunState",
    "SeenGood",
    "SessionKind",
    "StateTarget",
    "StreamAlarm",
    "StreamKind",
    "StreamLimit",
    "ToldElement",
    "TruthOwner",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
