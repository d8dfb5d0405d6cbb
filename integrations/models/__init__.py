"""1C bases, conversations with them, and whose id is whose."""

from integrations.models.exports import ExportState, OrderExport
from integrations.models.nodes import ExchangeNode, ExternalId, ExternalKind
from integrations.models.runs import ExchangeRun, RunState, SeenGood
from integrations.models.sessions import ExchangeFile, ExchangeSession, FileState, SessionKind
from integrations.models.streams import ExchangeStream, PendingOffer

__all__ = [
    "ExchangeFile",
    "ExchangeNode",
    "ExchangeRun",
    "ExchangeSession",
    "ExchangeStream",
    "ExportState",
    "ExternalId",
    "ExternalKind",
    "FileState",
    "OrderExport",
    "PendingOffer",
    "RunState",
    "SeenGood",
    "SessionKind",
]
