"""What a contract lets its buyer choose: payment, delivery, warehouses."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from counterparties.models import Contract
from orders.models import TradeRule


@dataclass(frozen=True, slots=True)
class TradeTerms:
    """The rule in force; an empty `payment_terms` and None instead of a set allow everything."""

    payment_terms: str = ""
    service_ids: frozenset[int] | None = None
    warehouse_ids: frozenset[int] | None = None

    def lets_warehouse(self, warehouse_id: int) -> bool:
        return self.warehouse_ids is None or warehouse_id in self.warehouse_ids

    def lets_service(self, service_id: int) -> bool:
        return self.service_ids is None or service_id in self.service_ids


ANYTHING = TradeTerms()


def trade_terms_for(contracts: Iterable[Contract]) -> dict[int, TradeTerms]:
    """The rule of each contract, else that of its legal entity, else anything; one query."""
    wanted = {contract.pk: contract.legal_entity_id for contract in contracts}
    services = TradeRule.services.through.objects.filter(traderule=OuterRef("pk"))
    warehouses = TradeRule.warehouses.through.objects.filter(traderule=OuterRef("pk"))
    rules = TradeRule.objects.filter(
        Q(contract__in=list(wanted)) | Q(legal_entity__in=set(wanted.values()))
    ).annotate(
        service_list=ArraySubquery(services.values("deliveryservice")),
        warehouse_list=ArraySubquery(warehouses.values("warehouse")),
    )
    of_contract: dict[int, TradeTerms] = {}
    of_entity: dict[int, TradeTerms] = {}
    for rule in rules:
        if rule.contract_id is not None:
            of_contract[rule.contract_id] = _terms(rule)
        elif rule.legal_entity_id is not None:
            of_entity[rule.legal_entity_id] = _terms(rule)
    return {pk: of_contract.get(pk) or of_entity.get(entity_id, ANYTHING) for pk, entity_id in wanted.items()}


def _terms(rule: TradeRule) -> TradeTerms:
    lists = vars(rule)
    return TradeTerms(
        payment_terms=rule.payment_terms,
        service_ids=frozenset(lists["service_list"]) or None,
        warehouse_ids=frozenset(lists["warehouse_list"]) or None,
    )
