"""Договоры: 1C is their master; the limit goes to settlements."""

from collections.abc import Collection
from datetime import date

from counterparties.models import Contract, ContractState
from counterparties.services.contracts import ContractFacts, ContractRefused, contract_note, contracts_close
from finance.services import CreditLimit, settlement_limit_note
from integrations.models import ExternalId, ExternalKind, PushRef, PushStream, RefState
from integrations.push.items.contracts import ContractItem
from integrations.services.incoming.work import Work
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.waits import ItemWaits

_UNNUMBERED = "б/н"


def contract_take(work: Work, item: ContractItem) -> None:
    """Keep a contract and its limit. Idempotent.

    Raises ItemRefused, ItemWaits (whose organization or legal entity is not known yet).
    """
    if item.date is None:
        raise ItemRefused("У договора нет даты")
    facts = _facts(
        item,
        item.date,
        organization_id=_known(
            work, ExternalKind.ORGANIZATION, item.organization_ref, "организация {} не сопоставлена с нашей"
        ),
        entity_id=_known(
            work,
            ExternalKind.LEGAL_ENTITY,
            item.counterparty_ref,
            "контрагент {} не сопоставлен с юрлицом",
        ),
    )
    known = work.known(ExternalKind.CONTRACT, item.ref)
    try:
        contract = contract_note(contract_id=known, facts=facts)
    except ContractRefused as refusal:
        raise ItemRefused(str(refusal)) from None
    if known is None:
        _check_alone(work, contract)
        work.learn(ExternalKind.CONTRACT, item.ref, contract.pk)
    limit = CreditLimit(item.limit_enabled, item.limit_amount, item.overdue_forbidden)
    settlement_limit_note(contract_id=contract.pk, limit=limit)


def contracts_missing(work: Work, refs: Collection[str]) -> None:
    """Close those that 1C has no more."""
    contracts_close(contract_ids=contract_ids(work, refs))


def contract_ids(work: Work, refs: Collection[str]) -> list[int]:
    """Contracts that the base knows under these ids."""
    return list(work.ids.find(ExternalKind.CONTRACT, refs).values())


def _check_alone(work: Work, contract: Contract) -> None:
    """Two contracts of a base under one number and date would take turns at one balance and one limit.

    One that 1C has no more gives its number up.
    """
    gone = PushRef.objects.filter(node=work.node, stream=PushStream.CONTRACTS, state=RefState.MISSING)
    ids = ExternalId.objects.filter(node=work.node, kind=ExternalKind.CONTRACT, object_id=contract.pk)
    if ids.exclude(external_id__in=gone.values("ref")).exists():
        text = f"Договор № {contract.number} от {contract.date:%d.%m.%Y} уже есть под другим Ид"
        raise ItemRefused(text)


def _known(work: Work, kind: ExternalKind, ref: str, words: str) -> int:
    found = work.known(kind, ref)
    if found is None:
        raise ItemWaits(words.format(ref), kind=kind, ref=ref)
    return found


def _facts(item: ContractItem, day: date, *, organization_id: int, entity_id: int) -> ContractFacts:
    return ContractFacts(
        organization_id=organization_id,
        legal_entity_id=entity_id,
        number=item.number or _UNNUMBERED,
        signed_on=day,
        valid_until=item.valid_to,
        currency=item.currency,
        state=ContractState(item.status),
        deferral_days=item.payment_days,
    )
