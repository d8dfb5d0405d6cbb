"""Who acts now, in what name and with which permissions."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from accounts.permissions import Permission


class AccessDenied(PermissionDenied):
    """The actor lacks a permission; a page answers 403."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request or a job.

    A client's person has `holding_id` and the legal entities they may act for; an employee of the
    distributor has the holdings they serve; an administrator serves all of them.
    `impersonator_id` is the employee who entered the cabinet in this person's name.
    """

    user_id: int | None
    holding_id: int | None = None
    legal_entity_ids: frozenset[int] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    served_holding_ids: frozenset[int] = frozenset()
    is_administrator: bool = False
    impersonator_id: int | None = None

    @property
    def is_client(self) -> bool:
        return self.holding_id is not None

    @property
    def is_employee(self) -> bool:
        return Permission.CLIENT_SERVE in self.permissions

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise `AccessDenied` unless the actor has the permission."""
        if permission not in self.permissions:
            raise AccessDenied(permission.label)


ANONYMOUS = Actor(user_id=None)
