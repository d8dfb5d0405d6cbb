"""Payments among the documents of 1C: to the ledger, or to a person where another firm has paid."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from counterparties.models import Contract
from finance.models import ThirdPartyPayment
from finance.services.ledger import LedgerFacts, is_stale, ledger_post
from finance.services.locking import settlements_lock
from finance.services.third_party import (
    ForeignMoney,
    is_third_party,
    third_party_note,
    third_party_withdraw,
)
from finance.states import LedgerKind, LedgerSource
from integrations.events import PaymentTold
from integrations.models import ExternalKind
from integrations.push.items.documents import DocumentItem
from integrations.services.incoming.matching import part_of_paper
from integrations.services.incoming.work import Work
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.waits import ItemWaits
from orders.models import OrderPart
from portal.outbox import publish


def payment_take(work: Work, item: DocumentItem) -> None:
    """Tell of a payment; it is posted after the batch, which has locked orders.

    Raises ItemRefused (no date, no sum, no contract, another currency), ItemWaits (contract or payer are
    not known yet).
    """
    if item.date is None:
        raise ItemRefused("У оплаты нет даты")
    if item.sum is None or item.sum <= 0:
        raise ItemRefused("У оплаты нет суммы больше нуля")
    found = (part_of_paper(work, (ref,)) for ref in item.order_refs)
    part_ids = tuple(dict.fromkeys(pk for pk in found if pk is not None))  # an order has two names
    contract_id = _contract(work, item, part_ids)
    currency = Contract.objects.values_list("currency", flat=True).get(pk=contract_id)
    if item.currency != currency and not item.deleted:
        raise ItemRefused(f"Оплата в {item.currency}, а договор в {currency}")
    publish(
        PaymentTold(
            node_id=work.node.pk,
            ref=item.ref,
            contract_id=contract_id,
            payer_id=_known(work, ExternalKind.LEGAL_ENTITY, item.paid_by_ref or item.counterparty_ref),
            number=item.number,
            paid_on=item.date,
            amount=item.sum,
            currency=item.currency,
            purpose=item.purpose,
            payment_key=item.payment_id,
            part_ids=part_ids,
            is_deleted=item.deleted,
            version=(item.as_of or work.formed_at or work.at).isoformat(),
            at=work.at,
        )
    )


def _contract(work: Work, item: DocumentItem, part_ids: tuple[int, ...]) -> int:
    """The contract that is named, or that of the orders."""
    if item.contract_ref:
        return _known(work, ExternalKind.CONTRACT, item.contract_ref)
    found = set(OrderPart.objects.filter(pk__in=part_ids).values_list("order__contract", flat=True))
    if len(found) != 1:
        raise ItemRefused("Не сказано, по какому договору оплата: укажите contract_ref")
    return found.pop()


def _known(work: Work, kind: ExternalKind, ref: str) -> int:
    found = work.known(kind, ref)
    if found is None:
        raise ItemWaits(f"{kind.value} {ref} ещё не пришёл", kind=kind, ref=ref)
    return found


@transaction.atomic
def payment_post(*, told: PaymentTold, at: datetime) -> None:
    """Post a payment, or leave it to a person where the payer is not the debtor. Idempotent.

    What is older than the ledger has it changes nothing: two workers may come the wrong way round.
    """
    key = f"payment:{told.node_id}:{told.ref}"
    contract = settlements_lock([told.contract_id])[told.contract_id]
    facts = _facts(told, key)
    if is_stale(document_key=key, kind=facts.kind, version=facts.version):
        return
    if is_third_party(payer_id=told.payer_id, contract=contract):
        _leave_to_a_person(told, contract, facts, at)
        return
    third_party_withdraw(document_key=key, at=at, comment="Плательщик – сам должник.")
    ledger_post(facts=facts, at=at)


def _facts(told: PaymentTold, key: str) -> LedgerFacts:
    return LedgerFacts(
        contract_id=told.contract_id,
        kind=LedgerKind.PAYMENT,
        document_key=key,
        version=told.version[:50],
        number=told.number,
        document_date=told.paid_on,
        business_date=told.paid_on,
        amount=told.amount,
        source=LedgerSource.ERP,
        payment_key=told.payment_key,
        settles=tuple(f"part:{pk}" for pk in told.part_ids),
        is_deleted=told.is_deleted,
        comment=told.purpose[:300],
    )


def _leave_to_a_person(told: PaymentTold, contract: Contract, facts: LedgerFacts, at: datetime) -> None:
    """What had been posted while the debtor himself was named counts no more until it is confirmed."""
    is_confirmed = ThirdPartyPayment.objects.filter(document_key=facts.document_key).exclude(entry=None)
    if told.is_deleted or not is_confirmed.exists():
        ledger_post(facts=replace(facts, is_deleted=True), at=at)
    if told.is_deleted:
        third_party_withdraw(document_key=facts.document_key, at=at, comment="Удалён в 1С.")
        return
    third_party_note(
        money=ForeignMoney(
            payer_id=told.payer_id,
            organization_id=contract.organization_id,
            contract_id=contract.pk,
            document_key=facts.document_key,
            number=told.number,
            paid_on=told.paid_on,
            amount=told.amount,
            currency=told.currency,
            purpose=told.purpose,
            payment_key=told.payment_key,
        ),
        at=at,
    )
