"""Who must have a second step at sign-in (settings.MFA_REQUIRED_FOR), and who has one."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import User
from counterparties.permissions import ReadyRole
from counterparties.selectors import memberships_valid

MANAGERS, ADMINISTRATORS, HEADS = "managers", "administrators", "heads"


def is_required(user: User, *, on: date) -> bool:
    """Tell whether the policy asks a second step of this person today; one query for a client's person."""
    asked: frozenset[str] = settings.MFA_REQUIRED_FOR
    if user.is_staff or user.is_superuser:
        return (ADMINISTRATORS if user.is_superuser else MANAGERS) in asked
    return (
        HEADS in asked and memberships_valid(on).filter(user_id=user.pk, role__code=ReadyRole.HEAD).exists()
    )


def is_set_up(user: User) -> bool:
    """Recovery codes alone are no second step."""
    own = Authenticator.objects.filter(user_id=user.pk)
    return bool(own.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())
