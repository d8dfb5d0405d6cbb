"""Which managers serve a client."""

from collections.abc import Iterable

from counterparties.models import HoldingUserObjectPermission
from counterparties.permissions import SERVE_HOLDING


def managers_of(holding_ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of those who serve each holding and are still at work, the first one first; one query."""
    served: dict[int, list[str]] = {}
    grants = HoldingUserObjectPermission.objects.filter(
        content_object__in=holding_ids, permission__codename=SERVE_HOLDING, user__is_active=True
    )
    for grant in grants.select_related("user").order_by("pk"):
        served.setdefault(grant.content_object_id, []).append(grant.user.get_full_name())
    return served


def manager_ids_of(holding_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The same people by user id; one query."""
    served: dict[int, tuple[int, ...]] = {}
    grants = HoldingUserObjectPermission.objects.filter(
        content_object__in=holding_ids, permission__codename=SERVE_HOLDING, user__is_active=True
    )
    for holding_id, user_id in grants.order_by("pk").values_list("content_object_id", "user_id"):
        served[holding_id] = (*served.get(holding_id, ()), user_id)
    return served
