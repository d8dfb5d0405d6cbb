"""Online payments: asked for once, believed only as the provider has them, recorded once.

Locks: credit lines and contracts (`settlements_lock`), then the payment. The provider is never asked inside
a transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract
from finance.events import OnlinePaymentDoubtful, OnlinePaymentEnded
from finance.gateways import GatewayRefused, GatewayUnavailable, RemotePayment, payment_gateway
from finance.models import LedgerEntry, OnlinePayment, OnlinePaymentItem
from finance.payables import ToPay
from finance.refusals import (
    NothingToPay,
    OnlinePaymentOff,
    PaymentKeyReused,
    PaysMoreThanOpen,
    WrongAmount,
)
from finance.selectors.charges import charge_of
from finance.selectors.payables import ROUBLE, money_contracts, payer_of, to_pay
from finance.services.locking import settlements_lock
from finance.services.online_records import contracts_paid, payment_rows_write
from finance.states import ONLINE_TRANSITIONS, LedgerKind, OnlineState
from portal.lib.dates import moscow_date
from portal.lib.money import q2
from portal.outbox import publish

log = structlog.get_logger(__name__)

ADVANCE = "contract:"
_KEY_LIVES = timedelta(hours=24)
_RE_READ = timedelta(days=7)
_OPEN = (OnlineState.CREATED, OnlineState.PENDING, OnlineState.WAITING)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person wants to pay: a reference of `ToPay`, or `contract:17` for an advance; RUB with VAT."""

    reference: str
    amount: Decimal


@transaction.atomic
def online_payment_create(
    *,
    actor: Actor,
    key: UUID,
    contract_ids: Sequence[int],
    chosen: Sequence[Chosen],
    purpose: str,
    at: datetime,
) -> OnlinePayment:
    """Note a payment of one legal entity to one organization; the provider hears of it after the commit.

    The same key with the same sums is the same payment, however often it is sent. Raises AccessDenied,
    Contract.DoesNotExist (not the actor's money, or not of one payer and payee), NothingToPay, WrongAmount,
    PaysMoreThanOpen, PaymentKeyReused, OnlinePaymentOff.
    """
    actor.require(Permission.FINANCE_VIEW)
    if payment_gateway() is None:
        raise OnlinePaymentOff
    contracts = _contracts(actor, contract_ids)
    settlements_lock([contract.pk for contract in contracts])
    known = OnlinePayment.objects.filter(uid=key).first()
    if known is not None:
        return _same(known, actor, chosen)
    items = _items(contracts, chosen, at)
    first = next(contract for contract in contracts if contract.pk == items[0][0].contract_id)
    payment = OnlinePayment.objects.create(
        uid=key,
        organization_id=first.organization_id,
        legal_entity=payer_of(first),
        contract=first,
        amount=sum(amount for _row, amount in items),
        purpose=purpose,
        created_by_id=cast(int, actor.user_id),
        acting_user_id=actor.impersonator_id,
        created_at=at,
    )
    OnlinePaymentItem.objects.bulk_create(
        OnlinePaymentItem(payment=payment, reference=row.reference, label=row.title[:200], amount=amount)
        for row, amount in items
    )
    return payment


def online_payment_start(*, payment_id: int, at: datetime) -> OnlinePayment:
    """Ask the provider for a payment that is only noted; again with the same key where it was not heard.

    What cannot be asked now is asked by the next re-read.
    """
    payment = OnlinePayment.objects.select_related("created_by", "legal_entity", "organization").get(
        pk=payment_id
    )
    gateway = payment_gateway()
    if payment.state != OnlineState.CREATED or gateway is None:
        return payment
    if at - payment.created_at > _KEY_LIVES:  # the key is forgotten: another try might pay twice
        return _ended(payment, OnlineState.CANCELED, _("Платёж не удалось создать."), at)
    address = settings.SITE_URL + reverse("finance:payment", args=[payment.uid])
    try:
        remote = gateway.create(charge_of(payment, return_url=address))
    except ValueError as reason:  # no receipt can be made, so there is no use in asking again
        log.error("online_payment_impossible", payment=payment.pk, reason=str(reason))
        return _ended(payment, OnlineState.CANCELED, _("Платёж не удалось создать."), at)
    except GatewayUnavailable as reason:
        log.warning("online_payment_waits", payment=payment.pk, reason=str(reason))
        return payment
    except GatewayRefused as reason:
        log.error("online_payment_refused", payment=payment.pk, reason=str(reason))
        return _ended(payment, OnlineState.CANCELED, _("Банк не принял платёж."), at)
    return payment if remote is None else remote_note(payment_id=payment.pk, remote=remote, at=at)


def online_payment_refresh(*, payment_id: int, at: datetime) -> OnlinePayment:
    """Read a payment at the provider and note how it stands. Nothing changes where there is no answer."""
    payment = OnlinePayment.objects.get(pk=payment_id)
    gateway = payment_gateway()
    if payment.state == OnlineState.CREATED:
        return online_payment_start(payment_id=payment_id, at=at)
    if payment.state not in _OPEN or gateway is None:
        return payment
    try:
        remote = gateway.fetch(payment.provider_id)
    except (GatewayUnavailable, GatewayRefused) as reason:
        log.warning("online_payment_not_read", payment=payment.pk, reason=str(reason))
        return payment
    return remote_note(payment_id=payment_id, remote=remote, at=at)


def online_payment_hinted(*, provider_id: str, at: datetime) -> OnlinePayment | None:
    """Read the payment that the provider names; of one that is not ours a person is told."""
    payment = OnlinePayment.objects.filter(provider_id=provider_id).first()
    if payment is not None and payment.state == OnlineState.CANCELED:
        return _reread_canceled(payment, at)
    if payment is not None:
        return online_payment_refresh(payment_id=payment.pk, at=at)
    log.error("online_payment_unknown", provider_id=provider_id)
    with transaction.atomic():
        publish(OnlinePaymentDoubtful(provider_id=provider_id, reason=_("на портале такого нет")))
    return None


def _reread_canceled(payment: OnlinePayment, at: datetime) -> OnlinePayment:
    """Money that comes for a payment that is over here is nobody's until a person has looked."""
    gateway = payment_gateway()
    if gateway is None:
        return payment
    try:
        remote = gateway.fetch(payment.provider_id)
    except (GatewayUnavailable, GatewayRefused) as reason:
        log.warning("online_payment_not_read", payment=payment.pk, reason=str(reason))
        return payment
    return remote_note(payment_id=payment.pk, remote=remote, at=at)


def online_payments_open(*, at: datetime) -> list[int]:
    """Payments that may have changed at the provider, the oldest first."""
    rows = OnlinePayment.objects.filter(state__in=_OPEN, created_at__gt=at - _RE_READ)
    return list(rows.order_by("created_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def remote_note(*, payment_id: int, remote: RemotePayment, at: datetime) -> OnlinePayment:
    """Write down how a payment stands; money that has come is recorded once, whoever tells of it first.

    Another sum or currency, or another payment than ours, changes nothing here: a person is told.
    """
    settlements_lock(contracts_paid(OnlinePayment.objects.get(pk=payment_id)))
    payment = OnlinePayment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if fault := _fault(payment, remote):
        log.error("online_payment_doubtful", payment=payment.pk, reason=fault)
        publish(OnlinePaymentDoubtful(provider_id=remote.provider_id, reason=fault))
        return payment
    if payment.state == OnlineState.CANCELED and remote.state == OnlineState.SUCCEEDED:
        log.error("online_payment_doubtful", payment=payment.pk, reason="paid after cancel")
        publish(OnlinePaymentDoubtful(provider_id=remote.provider_id, reason=_("оплачен после отмены")))
        return payment
    if remote.state not in ONLINE_TRANSITIONS[payment.state]:  # told twice, or late
        return payment
    payment.provider_id = remote.provider_id
    payment.confirmation_url = remote.confirmation_url or payment.confirmation_url
    payment.cancel_reason = remote.cancel_reason
    return _moved(payment, remote.state, at)


def _moved(payment: OnlinePayment, state: OnlineState, at: datetime) -> OnlinePayment:
    payment.state = state
    if state in {OnlineState.SUCCEEDED, OnlineState.CANCELED}:
        payment.finished_at = at
        publish(OnlinePaymentEnded(payment_id=payment.pk))
    payment.save(update_fields=["state", "provider_id", "confirmation_url", "cancel_reason", "finished_at"])
    if state == OnlineState.SUCCEEDED:
        payment_rows_write(payment=payment, at=at)
    return payment


@transaction.atomic
def _ended(payment: OnlinePayment, state: OnlineState, reason: str, at: datetime) -> OnlinePayment:
    locked = OnlinePayment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if locked.state != OnlineState.CREATED:
        return locked
    locked.cancel_reason = reason
    return _moved(locked, state, at)


def _contracts(actor: Actor, contract_ids: Sequence[int]) -> list[Contract]:
    """Raises Contract.DoesNotExist."""
    wanted = set(contract_ids)
    found = [one for one in money_contracts(actor) if one.pk in wanted and one.currency == ROUBLE]
    sides = {(payer_of(row).pk, row.organization_id) for row in found}
    if len(found) != len(wanted) or len(sides) != 1 or not actor.is_client:
        raise Contract.DoesNotExist
    return found


def _items(
    contracts: Sequence[Contract], chosen: Sequence[Chosen], at: datetime
) -> list[tuple[ToPay, Decimal]]:
    """What is open now, under the lock. Raises NothingToPay, WrongAmount, PaysMoreThanOpen."""
    rows = {
        row.reference: row for row in to_pay(contract_ids=[one.pk for one in contracts], on=moscow_date(at))
    }
    for contract in contracts:
        title = _("Предоплата по договору {contract}").format(contract=contract)
        rows[f"{ADVANCE}{contract.pk}"] = ToPay(f"{ADVANCE}{contract.pk}", contract.pk, title, Decimal(0))
    wanted: dict[str, Decimal] = {}
    for one in chosen:
        if one.amount <= 0 or one.amount != q2(one.amount):
            raise WrongAmount
        wanted[one.reference] = wanted.get(one.reference, Decimal(0)) + one.amount
    if not wanted:
        raise NothingToPay
    coming = _coming(wanted, at)
    for reference, amount in wanted.items():
        row = rows.get(reference)
        beyond = amount + coming.get(reference, Decimal(0))
        if row is None or (beyond > row.open and not reference.startswith(ADVANCE)):
            raise PaysMoreThanOpen(row.title if row else _("Оплаченный документ"))
    return [(rows[reference], amount) for reference, amount in wanted.items()]


def _coming(references: Collection[str], at: datetime) -> dict[str, Decimal]:
    """Money of the last week for debts that the ledger does not know of yet: it waits for 1C's word.

    1C's payment is known by the provider's number, or by the same sum of the same client since that day.
    """
    sums = Q(credit=OuterRef("amount")) | Q(credit=OuterRef("payment__amount"))
    told = LedgerEntry.objects.filter(
        Q(payment_key=OuterRef("payment__provider_id"))
        | Q(
            sums,
            contract__legal_entity=OuterRef("payment__legal_entity"),
            created_at__gte=OuterRef("payment__created_at"),
        ),
        kind=LedgerKind.PAYMENT,
    )
    items = OnlinePaymentItem.objects.filter(
        reference__in=[name for name in references if name.startswith("ledger:")],
        payment__state__in=[OnlineState.WAITING, OnlineState.SUCCEEDED],
        payment__created_at__gt=at - _RE_READ,
    ).exclude(Exists(told))
    return dict(items.values_list("reference").annotate(total=Sum("amount")))


def _fault(payment: OnlinePayment, remote: RemotePayment) -> str:
    """Why what the provider tells cannot be this payment; empty where it can."""
    if payment.provider_id and payment.provider_id != remote.provider_id:
        return _("на портале это другой платёж, {number}").format(number=payment.provider_id)
    if (remote.amount, remote.currency) != (payment.amount, payment.currency):
        told, ours = f"{remote.amount} {remote.currency}", f"{payment.amount} {payment.currency}"
        return _("{told} вместо {ours}").format(told=told, ours=ours)
    return ""


def _same(known: OnlinePayment, actor: Actor, chosen: Sequence[Chosen]) -> OnlinePayment:
    """Raises PaymentKeyReused."""
    items = dict(known.items.values_list("reference", "amount"))
    if known.created_by_id != actor.user_id or items != {one.reference: one.amount for one in chosen}:
        raise PaymentKeyReused
    return known
