"""Contracts of 1C: one way to keep them, whatever channel they come by."""

from counterparties.models import Contract
from counterparties.services.contracts import ContractFacts, ContractRefused, contract_note
from integrations.models import ExternalId, ExternalKind, PushRef, PushStream, RefState
from integrations.onec.enterprise.records import ContractRecord
from integrations.services.incoming.work import Work

UNNUMBERED = "б/н"
_NUMBER_LENGTH = 50


def contract_keep(work: Work, external_id: str, facts: ContractFacts) -> Contract:
    """Keep a contract and under which id the base knows it. Idempotent. Raises ContractRefused."""
    known = work.known(ExternalKind.CONTRACT, external_id)
    contract = contract_note(contract_id=known, facts=facts)
    if known is None:
        _check_alone(work, contract)
        work.learn(ExternalKind.CONTRACT, external_id, contract.pk)
    return contract


def _check_alone(work: Work, contract: Contract) -> None:
    """Two contracts of a base under one number and date would take turns at one balance and one limit.

    One that 1C has no more gives its number up.
    """
    gone = PushRef.objects.filter(node=work.node, stream=PushStream.CONTRACTS, state=RefState.MISSING)
    ids = ExternalId.objects.filter(node=work.node, kind=ExternalKind.CONTRACT, object_id=contract.pk)
    if ids.exclude(external_id__in=gone.values("ref")).exists():
        text = f"Договор № {contract.number} от {contract.date:%d.%m.%Y} уже есть под другим Ид"
        raise ContractRefused(text)


def contract_noted(work: Work, record: ContractRecord) -> None:
    """Keep a contract of EnterpriseData, without limit and state; the journal tells what is missing.

    A virtual one («Основной договор») is no contract at all, one with a supplier is none of ours.
    """
    if record.is_virtual or not record.is_with_client:
        return
    work.report.counts["contracts"] += 1
    entity_id = work.known(ExternalKind.LEGAL_ENTITY, record.counterparty_id)
    organization_id = _organization_id(work, record)
    reason = ""
    if record.signed_on is None:
        reason = "нет даты"
    elif entity_id is None:
        reason = "контрагент не сопоставлен с юрлицом"
    elif organization_id is None:
        reason = "организация не сопоставлена с нашей"
    else:
        facts = ContractFacts(
            organization_id=organization_id,
            legal_entity_id=entity_id,
            number=record.number[:_NUMBER_LENGTH] or UNNUMBERED,
            signed_on=record.signed_on,
            valid_until=record.valid_to,
            currency=record.currency,
            deferral_days=record.payment_days,
        )
        try:
            contract_keep(work, record.external_id, facts)
        except ContractRefused as refusal:
            reason = str(refusal)
    if reason:
        work.report.counts["contracts_rejected"] += 1
        text = f"Договор {record.number or record.name} не принят: {reason}"
        work.report.warn(text, external_id=record.external_id, line=record.line)


def _organization_id(work: Work, record: ContractRecord) -> int | None:
    """By 1C's id, else the only one of the base's organizations with this ИНН."""
    known = work.known(ExternalKind.ORGANIZATION, record.organization_id)
    if known is not None or not record.organization_inn:
        return known
    found = list(work.node.organizations.filter(inn=record.organization_inn).order_by("pk")[:2])
    return found[0].pk if len(found) == 1 else None
