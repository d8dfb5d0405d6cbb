"""Money of one legal entity for the debt of another (ст. 313 ГК): a person has to confirm it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract, LegalEntity
from finance.models import LedgerEntry, ThirdPartyPayment
from finance.services.ledger import LedgerFacts, ledger_post, ledger_reverse
from finance.services.locking import settlements_lock
from finance.states import LedgerKind, LedgerSource


@dataclass(frozen=True, slots=True)
class ForeignMoney:
    """A payment as the bank shows it; `contract_id` is the debtor's, where the purpose tells it."""

    payer_id: int
    organization_id: int
    contract_id: int | None
    document_key: str
    number: str
    paid_on: date
    amount: Decimal
    currency: str
    purpose: str
    payment_key: str = ""


@transaction.atomic
def third_party_note(*, money: ForeignMoney, at: datetime) -> ThirdPartyPayment:
    """Keep such a payment until it is confirmed. Idempotent.

    What is confirmed and told again in the same words is left alone. A confirmed one that 1C has changed,
    or deleted and brought back, is reversed and waits for a person again: he confirmed another sum.
    """
    payment = (
        ThirdPartyPayment.objects.select_for_update(of=("self",))
        .filter(document_key=money.document_key)
        .first()
    )
    if payment is not None and payment.entry is not None:
        is_reversed = LedgerEntry.objects.filter(reverses=payment.entry).exists()
        if not is_reversed and _words(payment) == _told(money):
            return payment
        ledger_reverse(entry_id=payment.entry.pk, at=at, comment=_("Документ изменен."))
        payment.entry = payment.confirmed_at = payment.confirmed_by = None
    payment = payment or ThirdPartyPayment(document_key=money.document_key, received_at=at)
    payment.payer_id, payment.organization_id = money.payer_id, money.organization_id
    payment.contract_id = money.contract_id
    payment.document_number, payment.paid_on = money.number, money.paid_on
    payment.amount, payment.currency = money.amount, money.currency
    payment.purpose, payment.payment_key = money.purpose[:300], money.payment_key
    payment.save()
    return payment


@transaction.atomic
def third_party_confirm(
    *, actor: Actor, payment_id: int, at: datetime, contract_id: int | None = None
) -> LedgerEntry:
    """Let a payment count for the debtor's contract, named in it or by the person. Idempotent.

    Raises AccessDenied, ThirdPartyPayment.DoesNotExist, ValueError (no contract, or another
    organization or currency than the money's).
    """
    actor.require(Permission.PAYMENT_RECORD)
    payments = ThirdPartyPayment.objects.visible_to(actor).select_for_update(of=("self",))
    payment = payments.get(pk=payment_id)
    if payment.entry is not None:
        return payment.entry
    contract = _contract(payment, contract_id, actor)
    entry = ledger_post(
        facts=LedgerFacts(
            contract_id=contract.pk,
            kind=LedgerKind.PAYMENT,
            document_key=payment.document_key,
            version="",
            number=payment.document_number,
            document_date=payment.paid_on,
            business_date=payment.paid_on,
            amount=payment.amount,
            source=LedgerSource.ERP,
            payment_key=payment.payment_key,
            paid_by_id=payment.payer_id,
            comment=payment.purpose,
        ),
        at=at,
    )
    if entry is None:
        raise ValueError(payment.document_key)
    payment.contract, payment.entry = contract, entry
    payment.confirmed_by_id, payment.confirmed_at = actor.user_id, at
    payment.save(update_fields=["contract", "entry", "confirmed_by", "confirmed_at"])
    return entry


@transaction.atomic
def third_party_withdraw(*, document_key: str, at: datetime, comment: str) -> None:
    """1C has deleted the payment: what waits is forgotten, what counts is reversed. Idempotent."""
    payment = (
        ThirdPartyPayment.objects.select_for_update(of=("self",)).filter(document_key=document_key).first()
    )
    if payment is None:
        return
    if payment.entry_id is None:
        payment.delete()
    else:
        ledger_reverse(entry_id=payment.entry_id, at=at, comment=comment)


def _words(payment: ThirdPartyPayment) -> tuple[object, ...]:
    """What a person has confirmed; the contract is his own choice."""
    return payment.payer_id, payment.organization_id, payment.paid_on, payment.amount, payment.currency


def _told(money: ForeignMoney) -> tuple[object, ...]:
    return money.payer_id, money.organization_id, money.paid_on, money.amount, money.currency


def is_third_party(*, payer_id: int, contract: Contract) -> bool:
    """Whether the payer is another legal entity than the debtor: neither the same nor merged into it."""
    debtor = contract.legal_entity
    payer = LegalEntity.objects.get(pk=payer_id)
    return (payer.merged_into_id or payer.pk) != (debtor.merged_into_id or debtor.pk)


def _contract(payment: ThirdPartyPayment, contract_id: int | None, actor: Actor) -> Contract:
    wanted = contract_id or payment.contract_id
    if wanted is None:
        raise ValueError("Whose debt is paid?")
    contract = settlements_lock([wanted])[wanted]
    if not Contract.objects.visible_to(actor).filter(pk=wanted).exists():
        raise AccessDenied(Permission.PAYMENT_RECORD.label)
    if (contract.organization_id, contract.currency) != (payment.organization_id, payment.currency):
        raise ValueError("The money is another organization's, or in another currency")
    return contract
