"""Who signs in to measured pages: heads of clients, a manager, the administrator."""

from datetime import datetime

from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Stage
from counterparties.models import Holding, Membership
from counterparties.permissions import SERVE_HOLDING, ReadyRole
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_give
from portal.lib.dates import MOSCOW


def head(client: int) -> User:
    """Who sees all that his firm does."""
    user, is_new = User.objects.get_or_create(
        email=f"head{client}@bench.example", defaults={"full_name": f"Руководитель {client}"}
    )
    if is_new:
        membership = Membership.objects.create(
            user=user, holding_id=client, role=ready_role(ReadyRole.HEAD), is_whole_holding=True
        )
        stage_give(
            membership=membership,
            stage=Stage.AUTHORITY,
            legal_entity_ids=None,
            valid_until=None,
            decided_by_id=None,
            at=datetime(2026, 11, 23, 10, 41, tzinfo=MOSCOW),
        )
    return user


def manager(clients: int) -> User:
    """Who serves the first so many clients."""
    user, is_new = User.objects.get_or_create(
        email=f"manager{clients}@bench.example", defaults={"full_name": "Менеджер", "is_staff": True}
    )
    if is_new:
        for holding in Holding.objects.order_by("pk")[:clients]:
            assign_perm(SERVE_HOLDING, user, holding)
    return user


def administrator() -> User:
    return User.objects.get_or_create(
        email="administrator@bench.example",
        defaults={"full_name": "Администратор", "is_staff": True, "is_superuser": True},
    )[0]
