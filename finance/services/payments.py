"""Writes of payments."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract
from finance.events import PaymentRecorded
from finance.models import Payment
from finance.refusals import PaidInFuture, PaymentDiffers, PaymentRefused, WrongAmount
from portal.lib.dates import moscow_date
from portal.outbox import publish

__all__ = ["PaidInFuture", "PaymentDiffers", "PaymentRefused", "WrongAmount", "payment_record"]

MAX_AMOUNT = Decimal("999999999999.99")


@transaction.atomic
def payment_record(
    *,
    actor: Actor,
    organization_id: int,
    legal_entity_id: int,
    contract_id: int,
    reference: str,
    amount: Decimal,
    paid_on: date,
    document_number: str,
    at: datetime,
) -> Payment:
    """Record money (RUB) that came for a reference on a Moscow date; append-only.

    One document of one day for one reference is one payment, however often it is recorded. Raises
    AccessDenied, Contract.DoesNotExist (foreign), WrongAmount, PaidInFuture, PaymentDiffers.
    """
    actor.require(Permission.PAYMENT_RECORD)
    contract = Contract.objects.visible_to(actor).get(
        pk=contract_id, organization_id=organization_id, legal_entity_id=legal_entity_id
    )
    if not Decimal(0) < amount <= MAX_AMOUNT or amount != amount.quantize(Decimal("0.01")):
        raise WrongAmount
    if paid_on > moscow_date(at):
        raise PaidInFuture
    same = {"document_number": document_number, "paid_on": paid_on, "reference": reference}
    merged = Payment.objects.filter(legal_entity__merged_into=legal_entity_id, **same).first()
    if merged is not None:  # recorded under a firm that was merged into this one
        if merged.amount != amount:
            raise PaymentDiffers
        return merged
    payment, is_new = Payment.objects.get_or_create(
        legal_entity_id=legal_entity_id,
        document_number=document_number,
        paid_on=paid_on,
        reference=reference,
        defaults={
            "organization_id": organization_id,
            "contract": contract,
            "amount": amount,
            "recorded_by_id": cast(int, actor.user_id),  # a permission has a person
            "recorded_at": at,
        },
    )
    if is_new:
        publish(PaymentRecorded(payment_id=payment.pk, reference=reference))
    if not is_new and (payment.amount != amount or payment.contract_id != contract_id):
        raise PaymentDiffers
    return payment
