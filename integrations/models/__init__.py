"""1C bases, conversations with them, and whose id is whose."""

from integrations.models.exports import ExportState, OrderExport, OrderTrial
from integrations.models.incoming import ErpParty, HeldOrder, OrderStateMapping, PartyState, StateTarget
from integrations.models.nodes import ExchangeNode, ExternalId, ExternalKind, QueryEncoding
from integrations.models.requests import ErpRequest, PaperOrderRef, RequestKind, RequestState
from integrations.models.runs import ExchangeRun, RunState, SeenGood
from integrations.models.sessions import ExchangeFile, ExchangeSession, FileState, SessionKind
from integrations.models.streams import ExchangeStream, PendingOffer

__all__ = [
    "ErpParty",
    "ErpRequest",
    "ExchangeFile",
    "ExchangeNode",
    "ExchangeRun",
    "ExchangeSession",
    "ExchangeStream",
    "ExportState",
    "ExternalId",
    "ExternalKind",
    "FileState",
    "HeldOrder",
    "OrderExport",
    "OrderStateMapping",
    "OrderTrial",
    "PaperOrderRef",
    "PartyState",
    "PendingOffer",
    "QueryEncoding",
    "RequestKind",
    "RequestState",
    "RunState",
    "SeenGood",
    "SessionKind",
    "StateTarget",
]
