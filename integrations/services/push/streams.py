"""Streams of the JSON channel: what an item is, who takes it, what becomes of those that came no more."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from integrations.models import PushStream
from integrations.push.items.agreements import AgreementItem
from integrations.push.items.contracts import ContractItem
from integrations.push.items.counterparties import CounterpartyItem
from integrations.push.items.documents import DocumentItem
from integrations.push.items.order_states import OrderStateItem
from integrations.push.items.partners import PartnerItem
from integrations.push.items.settlements import SettlementItem
from integrations.services.incoming.work import Work
from integrations.services.push.agreements import agreement_take, agreements_missing
from integrations.services.push.contracts import contract_take, contracts_missing
from integrations.services.push.counterparties import counterparties_missing, counterparty_take
from integrations.services.push.documents import document_take
from integrations.services.push.order_states import order_state_take
from integrations.services.push.partners import partner_take, partners_missing
from integrations.services.push.settlements import settlement_take, settlements_missing

Take = Callable[[Work, Any], None]
Missing = Callable[[Work, Collection[str]], None]


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream. An item has `ref`, its id in 1C. Without `missing` it is sent in changes only."""

    item: type[BaseModel]
    take: Take
    missing: Missing | None = None


STREAMS: dict[PushStream, Stream] = {
    PushStream.PARTNERS: Stream(PartnerItem, partner_take, partners_missing),
    PushStream.COUNTERPARTIES: Stream(CounterpartyItem, counterparty_take, counterparties_missing),
    PushStream.CONTRACTS: Stream(ContractItem, contract_take, contracts_missing),
    PushStream.AGREEMENTS: Stream(AgreementItem, agreement_take, agreements_missing),
    PushStream.SETTLEMENTS: Stream(SettlementItem, settlement_take, settlements_missing),
    PushStream.ORDER_STATES: Stream(OrderStateItem, order_state_take),
    PushStream.DOCUMENTS: Stream(DocumentItem, document_take),
}
"""In the order in which things are needed: what waits is tried again in this order."""
