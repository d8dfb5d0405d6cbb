"""Holding and freeing of credit limits. Locks: lines (holding, legal entity, contract; by key), contract."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from counterparties.models import Contract
from finance.models import LedgerEntry, Reservation
from finance.refusals import CreditClosed, CreditExceeded, CreditOverdue, CreditRefused
from finance.selectors.advances import advance_by_reference
from finance.selectors.exposure import credit_view
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
    *, claims: Sequence[Claim], at: datetime, actor_id: int | None = None, order_reference: str = ""
) -> None:
    """Hold the limit for all claims or for none; a claim held already is held at its new total.

    What has been paid ahead for a part needs no limit. `order_reference` names the order in overrides
    that were given for it alone. Raises CreditExceeded, CreditClosed, CreditOverdue.
    """
    contract_ids = {claim.contract_id for claim in claims}
    contracts = settlements_lock(contract_ids)
    held = set(
        Reservation.objects.filter(
            reference__in=[claim.reference for claim in claims], is_active=True
        ).values_list("reference", "contract_id", "total")
    )
    fresh = [claim for claim in claims if (claim.reference, claim.contract_id, claim.total) not in held]
    if not fresh:
        return
    _hold(fresh, contracts, at=at)
    on = moscow_date(at)
    views = credit_view(contract_ids=contract_ids, on=on)
    for contract_id, need in _needs(fresh).items():
        shortfall = shortfall_of(views[contract_id], need)
        if shortfall is None:
            continue
        names = {order_reference, *(claim.reference for claim in fresh)} - {""}
        if not override_use(contract_id=contract_id, references=names, amount=shortfall.amount, on=on):
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
    """Hold without a check: 1C has confirmed already."""
    _hold(claims, settlements_lock({claim.contract_id for claim in claims}), at=at)


def _hold(claims: Sequence[Claim], contracts: Mapping[int, Contract], *, at: datetime) -> None:
    """Write the reserves; contracts are locked, so nobody else writes those of the same claims."""
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
    _advances_free(rows)


def _needs(claims: Iterable[Claim]) -> dict[int, Decimal]:
    """What the claims of each contract ask of its limit: their sums without what is paid for them."""
    rows = list(claims)
    paid = advance_by_reference(claim.reference for claim in rows)
    needs: dict[int, Decimal] = {}
    for claim in rows:
        need = max(ZERO, claim.total - paid.get(claim.reference, ZERO))
        needs[claim.contract_id] = needs.get(claim.contract_id, ZERO) + need
    return needs


def _advances_free(reservations: Iterable[Reservation]) -> None:
    """Money linked to parts waits for other sums now: what waits no more pays the oldest debts."""
    for reservation in reservations:
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
