"""1C bases, conversations with them, and whose id is whose."""

from integrations.models.exports import ExportState, OrderExport, OrderTrial
from integrations.models.freshness import StreamAlarm, StreamKind, StreamLimit
from integrations.models.incoming import ErpParty, HeldOrder, OrderStateMapping, PartyState, StateTarget
from integrations.models.nodes import ExchangeNode, ExternalId, ExternalKind, QueryEncoding
from integrations.models.runs import ExchangeRun, RunState, SeenGood
from integrations.models.sessions import ExchangeFile, ExchangeSession, FileState, SessionKind
from integrations.models.streams import ExchangeStream, PendingOffer, PendingTerm

__all__ = [
    "ErpParty",
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
    "PartyState",
    "PendingOffer",
    "PendingTerm",
    "QueryEncoding",
    "RunState",
    "SeenGood",
    "SessionKind",
    "StateTarget",
    "StreamAlarm",
    "StreamKind",
    "StreamLimit",
]
