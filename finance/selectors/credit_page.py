"""The credit page: who changed a limit, what holds it, who let orders through."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from finance.models import CreditOverride, LimitChange, Reservation

MOST = 50


@dataclass(frozen=True, slots=True)
class CreditHistory:
    """The newest changes of the lines, reserves of the contracts, and permissions that still stand."""

    changes: tuple[LimitChange, ...]
    reservations: tuple[Reservation, ...]
    overrides: tuple[CreditOverride, ...]


def credit_history(*, line_ids: Collection[int], contract_ids: Collection[int], on: date) -> CreditHistory:
    """Three queries."""
    changes = LimitChange.objects.filter(line__in=line_ids).select_related(
        "line__holding", "line__legal_entity", "line__contract"
    )
    held = Reservation.objects.filter(contract__in=contract_ids, is_active=True)
    overrides = CreditOverride.objects.filter(contract__in=contract_ids, valid_until__gte=on)
    return CreditHistory(
        changes=tuple(changes.order_by("-created_at", "-pk")[:MOST]),
        reservations=tuple(held.select_related("contract").order_by("-created_at", "-pk")[:MOST]),
        overrides=tuple(overrides.select_related("contract").order_by("valid_until", "pk")),
    )
