"""Roles as a table: what each allows and how far."""

from dataclasses import dataclass

from accounts.permissions import STAGE_OF, Permission
from counterparties.actor import Actor
from counterparties.models import Membership, Role


@dataclass(frozen=True, slots=True)
class RoleColumn:
    """A role with its matrix: for each permission of a client's people how far it reaches, or ''."""

    role: Role
    scopes: dict[Permission, str]
    people: int


def role_columns(actor: Actor) -> list[RoleColumn]:
    """Ready roles first, then the holding's own; three queries."""
    roles = Role.objects.visible_to(actor).prefetch_related("permissions").order_by("holding", "pk")
    members = Membership.objects.visible_to(actor).filter(is_active=True)
    taken = list(members.values_list("role_id", flat=True))
    return [
        RoleColumn(role=role, scopes=scopes_of(role), people=taken.count(role.pk))
        for role in sorted(roles, key=lambda role: (role.holding_id is not None, role.pk))
    ]


def scopes_of(role: Role) -> dict[Permission, str]:
    """The whole column of the matrix; '' where the role lacks the permission."""
    known = {one.permission: one.scope for one in role.permissions.all()}
    return {permission: known.get(permission, "") for permission in STAGE_OF}
