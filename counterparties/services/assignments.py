"""Who serves a client, where another system than the administrator decides."""

from collections.abc import Iterable

from django.db import transaction
from guardian.shortcuts import assign_perm

from accounts.models import User
from counterparties.models import Holding, HoldingUserObjectPermission
from counterparties.permissions import SERVE_HOLDING


@transaction.atomic
def manager_assign(*, holding_id: int, user_id: int, instead_of: Iterable[int]) -> bool | None:
    """Let an employee serve a client instead of the others named; those not named keep serving it.

    Idempotent: False where it is so already, None for a person who is no employee any more, which changes
    nothing. Raises Holding.DoesNotExist.
    """
    holding = Holding.objects.select_for_update(of=("self",)).get(pk=holding_id)
    manager = User.objects.filter(pk=user_id, is_active=True, is_staff=True).first()
    if manager is None:
        return None
    held = HoldingUserObjectPermission.objects.filter(
        content_object=holding, permission__codename=SERVE_HOLDING
    )
    gone, _models = held.filter(user__in=set(instead_of) - {user_id}).delete()
    if held.filter(user=manager).exists():
        return bool(gone)
    assign_perm(SERVE_HOLDING, manager, holding)
    return True
