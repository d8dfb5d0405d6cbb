"""Who acts now, in what name and with which permissions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied

from accounts.permissions import Permission, Scope


class AccessDenied(PermissionDenied):
    """The actor lacks a permission; a page answers 403."""


@dataclass(frozen=True, slots=True)
class Grant:
    """How far one permission reaches: the scope, and the legal entities it is given for."""

    scope: Scope
    legal_entity_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request or a job.

    A client's person has `holding_id`, the legal entities they may act for, and for each permission
    a grant; an employee of the distributor has the holdings they serve; an administrator serves all
    of them. `impersonator_id` is the employee who entered the cabinet in this person's name, or the
    head who looks at it "as this person sees it" (then `is_read_only`);
    with `is_drafting` he gathers goods in a draft of his own beside the person's cart.
    """

    user_id: int | None
    holding_id: int | None = None
    membership_id: int | None = None
    legal_entity_ids: frozenset[int] = frozenset()
    grants: Mapping[Permission, Grant] = field(default_factory=dict)
    served_holding_ids: frozenset[int] = frozenset()
    is_administrator: bool = False
    impersonator_id: int | None = None
    is_read_only: bool = False
    is_drafting: bool = False

    @property
    def drafts_as_id(self) -> int | None:
        """The manager in whose draft goods are gathered now; None is the person's own cart."""
        return self.impersonator_id if self.is_drafting else None

    @property
    def is_client(self) -> bool:
        return self.holding_id is not None

    @property
    def reachable_entity_ids(self) -> frozenset[int]:
        """Legal entities they may act for, or see anything of."""
        return self.legal_entity_ids.union(*(grant.legal_entity_ids for grant in self.grants.values()))

    @property
    def is_employee(self) -> bool:
        return Permission.CLIENT_SERVE in self.grants

    def can(self, permission: Permission) -> bool:
        return permission in self.grants

    def is_own_only(self, permission: Permission) -> bool:
        """Whether the permission reaches only what the person did himself."""
        grant = self.grants.get(permission)
        return self.is_client and grant is not None and grant.scope == Scope.OWN

    def require(self, permission: Permission) -> None:
        """Raise `AccessDenied` unless the actor has the permission."""
        if permission not in self.grants:
            raise AccessDenied(permission.label)

    def without(self, *permissions: Permission) -> "Actor":
        """The same actor with some permissions taken away."""
        kept = {name: grant for name, grant in self.grants.items() if name not in permissions}
        return replace(self, grants=kept)


ANONYMOUS = Actor(user_id=None)
