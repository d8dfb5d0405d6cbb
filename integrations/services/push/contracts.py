"""Договоры: 1C is their master; the limit goes to settlements."""

from collections.abc import Collection
from datetime import date

from counterparties.models import ContractState
from counterparties.services.contracts import ContractFacts, ContractRefused, contracts_close
from finance.services import CreditLimit, settlement_limit_note
from integrations.models import ExternalKind
from integrations.push.items.contracts import ContractItem
from integrations.services.incoming.contracts import UNNUMBERED, contract_keep
from integrations.services.incoming.work import Work
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.waits import ItemWaits


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
    try:
        contract = contract_keep(work, item.ref, facts)
    except ContractRefused as refusal:
        raise ItemRefused(str(refusal)) from None
    limit = CreditLimit(item.limit_enabled, item.limit_amount, item.overdue_forbidden)
    settlement_limit_note(contract_id=contract.pk, limit=limit, at=work.at)


def contracts_missing(work: Work, refs: Collection[str]) -> None:
    """Close those that 1C has no more."""
    contracts_close(contract_ids=contract_ids(work, refs))


def contract_ids(work: Work, refs: Collection[str]) -> list[int]:
    """Contracts that the base knows under these ids."""
    return list(work.ids.find(ExternalKind.CONTRACT, refs).values())


def _known(work: Work, kind: ExternalKind, ref: str, words: str) -> int:
    found = work.known(kind, ref)
    if found is None:
        raise ItemWaits(words.format(ref), kind=kind, ref=ref)
    return found


def _facts(item: ContractItem, day: date, *, organization_id: int, entity_id: int) -> ContractFacts:
    return ContractFacts(
        organization_id=organization_id,
        legal_entity_id=entity_id,
        number=item.number or UNNUMBERED,
        signed_on=day,
        valid_until=item.valid_to,
        currency=item.currency,
        state=ContractState(item.status),
        deferral_days=item.payment_days,
    )
