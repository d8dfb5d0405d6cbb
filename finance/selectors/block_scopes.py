"""Which block rules hold for which contracts, and which contracts are of one firm."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from counterparties.models import Contract
from finance.models import BlockException, BlockRule
from finance.states import BlockAction


@dataclass(frozen=True, slots=True)
class Ruled:
    """Rules that hold for a contract, and all contracts of its firm, itself among them."""

    rules: tuple[BlockRule, ...]
    firm: frozenset[int]


def contracts_ruled(contract_ids: Collection[int], *, on: date) -> dict[int, Ruled]:
    """Those of the contracts that a rule may stop, with what it looks at; four queries at most.

    One query where no rule stops anybody.
    """
    if not BlockRule.objects.filter(is_active=True).exclude(action=BlockAction.WARN).exists():
        return {}
    firms = _firms(contract_ids)
    own = [contract for firm in firms.values() for contract in firm if contract.pk in contract_ids]
    rules = rules_of(own, on=on)
    return {
        one.pk: Ruled(tuple(rules[one.pk]), frozenset(other.pk for other in firms[_heir(one)]))
        for one in own
        if rules[one.pk]
    }


def firm_of(contract: Contract) -> list[int]:
    """All contracts of the legal entity, and of those merged into it."""
    heir = _heir(contract)
    own = Contract.objects.filter(Q(legal_entity=heir) | Q(legal_entity__merged_into=heir))
    return list(own.order_by("pk").values_list("pk", flat=True))


def _firms(contract_ids: Collection[int]) -> dict[int, list[Contract]]:
    """The same of many contracts, by legal entity."""
    heirs = Contract.objects.filter(pk__in=contract_ids).values(
        heir=Coalesce("legal_entity__merged_into", "legal_entity")
    )
    around = Contract.objects.filter(Q(legal_entity__in=heirs) | Q(legal_entity__merged_into__in=heirs))
    firms: dict[int, list[Contract]] = {}
    for contract in around.select_related("legal_entity__holding").order_by("pk"):
        firms.setdefault(_heir(contract), []).append(contract)
    return firms


def _heir(contract: Contract) -> int:
    return contract.legal_entity.merged_into_id or contract.legal_entity_id


def rules_of(contracts: Sequence[Contract], *, on: date) -> dict[int, list[BlockRule]]:
    """Rules that hold on the day: for each contract without those from which it is excepted.

    One query where no rule holds, else two.
    """
    ids, heirs = [one.pk for one in contracts], {_heir(one) for one in contracts}
    groups = {one.legal_entity.holding.group_id for one in contracts} - {None}
    everybody = Q(group=None, legal_entity=None, contract=None)
    scope = everybody | Q(contract__in=ids) | Q(legal_entity__in=heirs) | Q(group__in=groups)
    rules = list(BlockRule.objects.filter(scope, is_active=True).order_by("pk"))
    if not rules:
        return {pk: [] for pk in ids}
    holdings = {one.legal_entity.holding_id for one in contracts}
    excepted = BlockException.objects.filter(
        Q(contract__in=ids) | Q(legal_entity__in=heirs) | Q(holding__in=holdings), valid_until__gte=on
    )
    known = list(excepted)
    return {one.pk: _holding(one, rules, known) for one in contracts}


def _holding(
    contract: Contract, rules: Iterable[BlockRule], excepted: Iterable[BlockException]
) -> list[BlockRule]:
    left_out = {
        one.rule_id
        for one in excepted
        if one.contract_id == contract.pk
        or one.legal_entity_id == _heir(contract)
        or one.holding_id == contract.legal_entity.holding_id
    }
    return [rule for rule in rules if _is_of(rule, contract) and not left_out & {rule.pk, None}]


def _is_of(rule: BlockRule, contract: Contract) -> bool:
    """Whether a rule is everybody's, or the contract's, its legal entity's, its client's group's."""
    if rule.contract_id is not None:
        return rule.contract_id == contract.pk
    if rule.legal_entity_id is not None:
        return rule.legal_entity_id == _heir(contract)
    return rule.group_id is None or rule.group_id == contract.legal_entity.holding.group_id
