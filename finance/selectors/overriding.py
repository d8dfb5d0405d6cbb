"""Who may let orders through in spite of a credit limit."""

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor

PERMISSION = "finance.add_creditoverride"
"""Given to a manager, or to a group of them, in the administration."""


def may_override(actor: Actor) -> bool:
    """An administrator may; an employee whom one has allowed it. Asked when it is needed: two queries."""
    if actor.can(Permission.CREDIT_OVERRIDE):
        return True
    if not actor.is_employee or actor.user_id is None:
        return False
    return User.objects.get(pk=actor.user_id).has_perm(PERMISSION)
