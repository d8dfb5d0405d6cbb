"""Contracts as 1C keeps them: it is their master."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from counterparties.models import Contract, ContractState


class ContractRefused(Exception):
    """Why 1C's words about a contract cannot be kept; the message is Russian."""


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract in 1C; `state` and `deferral_days` are None where nothing was told."""

    organization_id: int
    legal_entity_id: int
    number: str
    signed_on: date
    valid_until: date | None
    currency: str
    state: ContractState | None = None
    deferral_days: int | None = None


@transaction.atomic(savepoint=False)  # a thousand in a row, each in a savepoint of its caller
def contract_note(*, contract_id: int | None, facts: ContractFacts) -> Contract:
    """Keep what 1C says of a contract: the one known by its id, else of this number and date, else a new one.

    A new one is nobody's main contract, and whether one is stays as people have set it. An end that was
    moved on the portal, and that a contract was replaced there, outlive older news of 1C. Idempotent.
    Raises Contract.DoesNotExist, ContractRefused.
    """
    if facts.valid_until is not None and facts.valid_until < facts.signed_on:
        raise ContractRefused("Договор кончается раньше, чем начинается")
    told: dict[str, Any] = {
        "number": facts.number,
        "date": facts.signed_on,
        "valid_until": facts.valid_until,
        "currency": facts.currency,
    }
    for name in ("state", "deferral_days"):
        if (value := getattr(facts, name)) is not None:
            told[name] = value
    contract = _found(contract_id, facts)
    if contract is None:
        return Contract.objects.create(
            organization_id=facts.organization_id, legal_entity_id=facts.legal_entity_id, **told
        )
    if _is_old_news(contract, facts):
        del told["valid_until"]
    if contract.state == ContractState.SUPERSEDED:
        told.pop("state", None)
    changed = [name for name, value in told.items() if getattr(contract, name) != value]
    if {"number", "date"} & set(changed) and _same(facts).exclude(pk=contract.pk).exists():
        text = f"Договор № {facts.number} от {facts.signed_on:%d.%m.%Y} уже есть под другим Ид"
        raise ContractRefused(text)
    for name in changed:
        setattr(contract, name, told[name])
    if changed:
        contract.save(update_fields=changed)
    return contract


@transaction.atomic
def contracts_close(*, contract_ids: Collection[int]) -> int:
    """Let no more orders be placed under contracts that 1C has no more; return how many were open."""
    rows = Contract.objects.filter(pk__in=contract_ids, state=ContractState.ACTIVE)
    pks = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    return Contract.objects.filter(pk__in=pks).update(state=ContractState.CLOSED)


def _found(contract_id: int | None, facts: ContractFacts) -> Contract | None:
    contracts = Contract.objects.select_for_update(of=("self",), no_key=True)
    if contract_id is None:
        pk = _same(facts).values_list("pk", flat=True).first()
        return None if pk is None else contracts.get(pk=pk)
    contract = contracts.select_related("legal_entity").get(pk=contract_id)
    entity = contract.legal_entity
    # What had a twin when firms were merged stays under the merged one.
    if facts.legal_entity_id not in {entity.pk, entity.merged_into_id}:
        raise ContractRefused("Договор известен на портале с другим юрлицом")
    if contract.organization_id != facts.organization_id:
        raise ContractRefused("Договор известен на портале с другой организацией")
    return contract


def _is_old_news(contract: Contract, facts: ContractFacts) -> bool:
    """Whether 1C tells of an end before the one that was agreed or came by prolongation on the portal."""
    if contract.valid_until is None or facts.valid_until is None or facts.valid_until >= contract.valid_until:
        return False
    return contract.prolonged_times > 0 or contract.terms.exists()


def _same(facts: ContractFacts) -> QuerySet[Contract]:
    return Contract.objects.filter(
        organization_id=facts.organization_id,
        legal_entity_id=facts.legal_entity_id,
        number=facts.number,
        date=facts.signed_on,
    )
