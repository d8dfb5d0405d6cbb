"""What a contract lets its buyer choose: payment, delivery, warehouses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from counterparties.models import Contract
from orders.models import Cart, TradeRule


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


def trade_told(carts: QuerySet[Cart]) -> QuerySet[Cart]:
    """Carts with the rule of their contract, for `trade_terms_of`: no query more."""
    rules = _rules(
        TradeRule.objects.filter(Q(contract=OuterRef("contract")) | Q(legal_entity=OuterRef("legal_entity")))
    ).order_by(F("contract").asc(nulls_last=True))
    told = JSONObject(terms="payment_terms", services="service_list", warehouses="warehouse_list")
    return carts.annotate(trade_contract=F("contract_id"), trade_rule=Subquery(rules.values(told=told)[:1]))


def trade_terms_of(carts: Iterable[Cart]) -> dict[int, TradeTerms]:
    """The rule of each contract, else that of its legal entity, else anything.

    No query for carts of `trade_told`, one for all others and for copies under another contract.
    """
    found: dict[int, TradeTerms] = {}
    unknown: list[Contract] = []
    for cart in carts:
        row = vars(cart)
        if row.get("trade_contract") == cart.contract_id:
            found[cart.contract_id] = _terms(row["trade_rule"])
        else:
            unknown.append(cart.contract)
    return found | trade_terms_for([one for one in unknown if one.pk not in found])


def trade_terms_for(contracts: Collection[Contract]) -> dict[int, TradeTerms]:
    """The same of contracts; one query where there are any."""
    if not contracts:
        return {}
    wanted = {contract.pk: contract.legal_entity_id for contract in contracts}
    rules = _rules(
        TradeRule.objects.filter(Q(contract__in=list(wanted)) | Q(legal_entity__in=set(wanted.values())))
    )
    found: dict[tuple[str, int], TradeTerms] = {}
    for rule in rules:
        lists = vars(rule)
        terms = _terms(
            {
                "terms": rule.payment_terms,
                "services": lists["service_list"],
                "warehouses": lists["warehouse_list"],
            }
        )
        if rule.contract_id is not None:
            found["contract", rule.contract_id] = terms
        elif rule.legal_entity_id is not None:
            found["entity", rule.legal_entity_id] = terms
    return {
        pk: found.get(("contract", pk)) or found.get(("entity", entity_id)) or ANYTHING
        for pk, entity_id in wanted.items()
    }


def _rules(rules: QuerySet[TradeRule]) -> QuerySet[TradeRule]:
    services = TradeRule.services.through.objects.filter(traderule=OuterRef("pk"))
    warehouses = TradeRule.warehouses.through.objects.filter(traderule=OuterRef("pk"))
    return rules.annotate(
        service_list=ArraySubquery(services.values("deliveryservice")),
        warehouse_list=ArraySubquery(warehouses.values("warehouse")),
    )


def _terms(told: Mapping[str, Any] | None) -> TradeTerms:
    if told is None:
        return ANYTHING
    return TradeTerms(
        payment_terms=told["terms"],
        service_ids=frozenset(told["services"]) or None,
        warehouse_ids=frozenset(told["warehouses"]) or None,
    )
