"""Who may let orders through in spite of a credit limit."""

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor

PERMISSION = "finance.add_creditoverride"
"""Given to a manager, or to a group of them, in the administration."""


def may_override(actor: Actor) -> bool:
    """An administrator may; an employee whom one has allowed it. Asked when it is needed: one query."""
    if actor.can(Permission.CREDIT_OVERRIDE):
        return True
    if not actor.is_employee or actor.user_id is None:
        return False
    app, codename = PERMISSION.split(".")
    own = Q(user_permissions__codename=codename, user_permissions__content_type__app_label=app)
    of_group = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label=app)
    return User.objects.filter(own | of_group, pk=actor.user_id, is_active=True).exists()
