"""Roles: the ready ones that every installation has."""

from django.db import transaction

from counterparties.models import Role, RolePermission
from counterparties.permissions import FIRST_STAGE, READY_ROLES, ReadyRole


@transaction.atomic
def ready_role(code: str) -> Role:
    """The ready role of the code; made when it is not there yet. An administrator may have changed it."""
    ready = ReadyRole(code)
    role, is_new = Role.objects.get_or_create(
        code=ready.value, defaults={"name": ready.label, "first_stage": FIRST_STAGE[ready]}
    )
    if is_new:
        RolePermission.objects.bulk_create(
            RolePermission(role=role, permission=permission, scope=scope)
            for permission, scope in READY_ROLES[ready].items()
        )
    return role


def ready_roles_ensure() -> None:
    """Make all ready roles that are missing; set-up calls it."""
    for code in ReadyRole:
        ready_role(code)
