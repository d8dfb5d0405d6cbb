"""Balances and limits as 1C told of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from counterparties.models import Contract
from finance.models import OverdueItem, Settlement
from finance.services.limits import erp_line_keep
from finance.services.locking import settlements_lock

ZERO = Decimal("0.00")


class CurrencyDiffers(Exception):
    """The balance is in another currency than the contract; the sums of two currencies are not one."""


@dataclass(frozen=True, slots=True)
class OverduePart:
    """What falls due on a day (Moscow date), by the document of 1C that it comes from."""

    due_date: date
    amount: Decimal
    document: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Settlements under a contract at a moment, in its currency; no sum is below zero."""

    currency: str
    debt: Decimal
    prepayment: Decimal
    shipping: Decimal
    to_pay: Decimal
    as_of: datetime
    overdue: tuple[OverduePart, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditLimit:
    """How much a client may owe; without `is_limited` the amount means nothing."""

    is_limited: bool
    amount: Decimal
    is_overdue_forbidden: bool


@transaction.atomic(savepoint=False)  # a thousand in a row, each in a savepoint of its caller
def settlement_note(*, contract_id: int, balance: Balance) -> bool:
    """Keep the balance of a contract; False where a newer one is known already.

    Idempotent. Raises Contract.DoesNotExist, CurrencyDiffers.
    """
    contract = _locked(contract_id)
    if contract.currency != balance.currency:
        raise CurrencyDiffers(contract.currency)
    settlement = _settlement(contract)
    if settlement.as_of is not None and settlement.as_of > balance.as_of:
        return False
    settlement.currency, settlement.as_of = balance.currency, balance.as_of
    settlement.debt, settlement.prepayment = balance.debt, balance.prepayment
    settlement.shipping, settlement.to_pay = balance.shipping, balance.to_pay
    settlement.save()
    settlement.overdue.all().delete()
    OverdueItem.objects.bulk_create(
        OverdueItem(settlement=settlement, due_date=part.due_date, amount=part.amount, document=part.document)
        for part in balance.overdue
    )
    return True


@transaction.atomic(savepoint=False)
def settlement_limit_note(*, contract_id: int, limit: CreditLimit, at: datetime | None = None) -> None:
    """Keep the limit of a contract; a balance in the currency that it had before counts no more.

    The limit is a credit line of the contract, which 1C keeps. Idempotent. Raises Contract.DoesNotExist.
    """
    contract = settlements_lock([contract_id])[contract_id]
    settlement = _settlement(contract)
    if settlement.currency != contract.currency:
        settlement = _emptied(settlement, currency=contract.currency)
    settlement.is_limited, settlement.limit_amount = limit.is_limited, limit.amount
    settlement.is_overdue_forbidden = limit.is_overdue_forbidden
    settlement.save()
    if limit.is_limited:
        erp_line_keep(contract, amount=limit.amount, at=at or now())


@transaction.atomic
def settlements_clear(*, contract_ids: Collection[int], as_of: datetime) -> int:
    """Nothing is owed any more under these contracts; limits stay. A newer balance stays, too."""
    contracts = Contract.objects.filter(pk__in=contract_ids).order_by("pk")
    list(contracts.select_for_update(of=("self",), no_key=True).values_list("pk"))
    rows = Settlement.objects.filter(contract__in=contract_ids)
    pks = list(rows.filter(Q(as_of__isnull=True) | Q(as_of__lte=as_of)).values_list("pk", flat=True))
    OverdueItem.objects.filter(settlement__in=pks).delete()
    return Settlement.objects.filter(pk__in=pks).update(
        debt=ZERO, prepayment=ZERO, shipping=ZERO, to_pay=ZERO, as_of=as_of
    )


def _locked(contract_id: int) -> Contract:
    """The contract's lock is that of its settlement, too, which may not be there yet."""
    return Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=contract_id)


def _emptied(settlement: Settlement, *, currency: str) -> Settlement:
    """Without a balance, until 1C tells it in the new currency."""
    settlement.overdue.all().delete()
    settlement.debt = settlement.prepayment = settlement.shipping = settlement.to_pay = ZERO
    settlement.currency, settlement.as_of = currency, None
    return settlement


def _settlement(contract: Contract) -> Settlement:
    """The contract's row, or a new one that is not saved yet."""
    kept = Settlement.objects.filter(contract=contract).first()
    return kept or Settlement(contract=contract, currency=contract.currency)
