"""Holding and freeing of credit limits. Locks: lines (holding, legal entity, contract; by key), contract."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.models import Contract
from finance.models import CreditOverride, LedgerEntry, Reservation
from finance.refusals import CreditClosed, CreditExceeded, CreditOverdue, CreditRefused
from finance.selectors.advances import advance_by_reference
from finance.selectors.exposure import ContractCredit, credit_view
from finance.selectors.shortfalls import shortfall_of
from finance.services.allocation import allocations_replay
from finance.services.limits import limit_change
from finance.services.locking import settlements_lock
from finance.services.overrides import override_give, override_use
from portal.lib.dates import moscow_date

__all__ = [
    "Claim",
    "CreditClosed",
    "CreditExceeded",
    "CreditOverdue",
    "CreditRefused",
    "credit_note",
    "credit_release",
    "credit_reserve",
    "credit_shrink",
    "limit_change",
    "override_give",
]

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Claim:
    """A part of an order on credit: its reference, the contract that answers, its sum with VAT."""

    reference: str
    contract_id: int
    total: Decimal


@transaction.atomic
def credit_reserve(
    *, claims: Sequence[Claim], at: datetime, order_reference: str = "", is_hopeful: bool = False
) -> None:
    """Hold the limit for all claims or for none; a claim held already is held at its new total.

    What has been paid ahead for a part needs no limit. `order_reference` names the order in overrides
    that were given for it alone. With `is_hopeful` the caller has looked at the lines a moment ago: they
    are looked at only under the lock. Raises CreditExceeded, CreditClosed, CreditOverdue.
    """
    on = moscow_date(at)
    names = {order_reference, *(claim.reference for claim in claims)} - {""}
    if not is_hopeful:
        held = _held(claims)
        if not _fresh(claims, held):
            return
        if not held:  # else its former total is in the exposure
            _refuse_hopeless(claims, names, on=on)
    contracts = settlements_lock({claim.contract_id for claim in claims})
    fresh = _fresh(claims, _held(claims))
    if not fresh:  # held while this one waited for the lock
        return
    is_paid = _hold(fresh, contracts, at=at)
    views = credit_view(contract_ids=contracts, on=on)
    for contract_id, need in _needs(fresh, is_paid=is_paid).items():
        shortfall = shortfall_of(views[contract_id], need)
        if need > 0 and views[contract_id].lines and not contracts[contract_id].takes_credit_on(on):
            raise _closed(views[contract_id], need)
        if shortfall is None:
            continue
        if not override_use(contract_id=contract_id, references=names, amount=shortfall.amount, on=on):
            raise shortfall.refusal


def _closed(credit: ContractCredit, need: Decimal) -> CreditClosed:
    text = _("Договор закрыт или истек. Обратитесь к менеджеру.")
    left = (credit.available or ZERO) + need  # it is in the exposure already
    return CreditClosed(contract_id=credit.contract_id, need=need, available=left, text=text)


def _held(claims: Iterable[Claim]) -> dict[str, tuple[int, Decimal]]:
    """Contracts and totals of those that are held already."""
    rows = Reservation.objects.filter(reference__in=[claim.reference for claim in claims], is_active=True)
    told = rows.values_list("reference", "contract_id", "total")
    return {reference: (contract_id, total) for reference, contract_id, total in told}


def _fresh(claims: Iterable[Claim], held: Mapping[str, tuple[int, Decimal]]) -> list[Claim]:
    """Those that are not held, or are at another total."""
    return [claim for claim in claims if held.get(claim.reference) != (claim.contract_id, claim.total)]


def _refuse_hopeless(claims: Sequence[Claim], names: Collection[str], *, on: date) -> None:
    """Refuse before any lock what does not fit as things stand: it need not wait behind those that do."""
    needs = _needs(claims)
    views = credit_view(contract_ids=needs, on=on)
    for contract_id, need in needs.items():
        shortfall = shortfall_of(views[contract_id], need, is_included=False)
        if shortfall is None:
            continue
        overrides = CreditOverride.objects.let_through(contract_id, shortfall.amount, on=on, references=names)
        if not overrides.exists():
            raise shortfall.refusal


@transaction.atomic
def credit_shrink(*, reference: str, total: Decimal, at: datetime) -> None:
    """Hold less: the part came to less than was confirmed. Raises ValueError for more."""
    known = Reservation.objects.filter(reference=reference, is_active=True).first()
    if known is None or known.total == total:
        return
    settlements_lock([known.contract_id])
    reservation = Reservation.objects.get(pk=known.pk)
    if not reservation.is_active:
        return
    if total > reservation.total:
        raise ValueError(f"{reference}: {reservation.total} → {total}")
    reservation.total = total
    reservation.save(update_fields=["total"])
    _advances_free([reservation])


@transaction.atomic
def credit_release(*, references: Collection[str], at: datetime) -> None:
    """Hold nothing any more; money paid for these references is free. Idempotent."""
    held = Reservation.objects.filter(reference__in=references, is_active=True)
    settlements_lock(set(held.values_list("contract_id", flat=True)))
    rows = list(held.order_by("pk"))
    Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(is_active=False, released_at=at)
    _advances_free(rows)


@transaction.atomic
def credit_note(*, claims: Sequence[Claim], at: datetime) -> None:
    """Hold without a check: 1C has confirmed already. What is held so is left as it is."""
    contracts = settlements_lock({claim.contract_id for claim in claims})
    fresh = _fresh(claims, _held(claims))
    if fresh:
        _hold(fresh, contracts, at=at)


def _hold(claims: Sequence[Claim], contracts: Mapping[int, Contract], *, at: datetime) -> bool:
    """Write the reserves; tell whether money waits for any of them.

    Contracts are locked, so nobody else writes those of the same claims.
    """
    rows = []
    for claim in claims:
        contract = contracts[claim.contract_id]
        rows.append(
            Reservation(
                reference=claim.reference,
                organization_id=contract.organization_id,
                legal_entity_id=contract.legal_entity_id,
                contract=contract,
                currency=contract.currency,
                total=claim.total,
                created_at=at,
            )
        )
    Reservation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["reference"],
        update_fields=[
            "organization", "legal_entity", "contract", "currency", "total", "is_active", "released_at",
        ],
    )  # fmt: skip
    return _advances_free(rows)


def _needs(claims: Iterable[Claim], *, is_paid: bool = True) -> dict[int, Decimal]:
    """What the claims of each contract ask of its limit: their sums without what is paid for them."""
    rows = list(claims)
    paid = advance_by_reference(claim.reference for claim in rows) if is_paid else {}
    needs: dict[int, Decimal] = {}
    for claim in rows:
        need = max(ZERO, claim.total - paid.get(claim.reference, ZERO))
        needs[claim.contract_id] = needs.get(claim.contract_id, ZERO) + need
    return needs


def _advances_free(reservations: Iterable[Reservation]) -> bool:
    """Money linked to parts waits for other sums now: what waits no more pays the oldest debts.

    Tell whether there is any.
    """
    rows = list(reservations)
    waiting = advance_by_reference(row.reference for row in rows)
    for reservation in rows:
        if reservation.reference not in waiting:
            continue
        first = (
            LedgerEntry.objects.filter(
                contract=reservation.contract_id, order_reference=reservation.reference, credit__gt=0
            )
            .order_by("business_date")
            .values_list("business_date", "currency")
            .first()
        )
        if first is not None:
            allocations_replay(reservation.contract_id, first[1], since=first[0])
    return bool(waiting)
