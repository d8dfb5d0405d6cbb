"""Letters about accounts and what the administrator does for a person who is locked out."""

from datetime import datetime
from typing import Any

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.events import PasswordResetAsked, SecurityChange, SecurityChanged, SignedInFromNewDevice
from accounts.models import User
from accounts.services.letters import letters_send
from portal.outbox import publish


@transaction.atomic
def password_reset_ask(*, email: str) -> None:
    """Order the letter with a link. Known or not, the same is done here, in the same time."""
    publish(PasswordResetAsked(email=email.strip().lower()))


@transaction.atomic
def new_device_report(*, user_id: int, at: datetime, ip: str, browser: str) -> None:
    """Order the letter about a sign-in from a browser not seen before."""
    publish(SignedInFromNewDevice(user_id=user_id, at=at, ip=ip, browser=browser))


@transaction.atomic
def security_change_report(
    *, user_id: int, change: SecurityChange, at: datetime, ip: str, browser: str
) -> None:
    """Order the letter about a change of password, second step or keys."""
    publish(SecurityChanged(user_id=user_id, change=change, at=at, ip=ip, browser=browser))


def password_reset_mail(*, email: str, key: str) -> None:
    """Send the link to a person of the portal. To an address that is not known goes no letter."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token}
    )
    _mail(user, key, "password_reset", {"address": settings.SITE_URL + path})


def new_device_mail(*, user_id: int, at: datetime, ip: str, browser: str, key: str) -> None:
    """Tell a person of a sign-in: when, from where, with which browser, and where to end it."""
    _account_mail(user_id, key, "new_device", at, ip, browser)


def security_change_mail(
    *, user_id: int, change: SecurityChange, at: datetime, ip: str, browser: str, key: str
) -> None:
    """Tell a person what has been changed in how they sign in."""
    _account_mail(
        user_id,
        key,
        "security_change",
        at,
        ip,
        browser,
        change=str(SecurityChange(change)),
        change_label=str(SecurityChange(change).label),
    )


@transaction.atomic
def second_factor_reset(*, user_id: int) -> int:
    """Take a person's second step away (telephone lost, no codes left) and end their sessions.

    Returns how many means of sign-in were removed.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    sessions_end(user_id=user.pk)
    return removed


@transaction.atomic
def sessions_end(*, user_id: int, but: str | None = None) -> int:
    """End a person's sessions except one (its key); return how many were ended."""
    ended = UserSession.objects.filter(user_id=user_id).exclude(session_key=but)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


@transaction.atomic
def session_end(*, user_id: int, session_id: int) -> None:
    """End one session of the person. Raises UserSession.DoesNotExist."""
    session = UserSession.objects.select_for_update().get(pk=session_id, user_id=user_id)
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()


def email_confirm(*, user: User) -> None:
    """Take a person's address as confirmed: they were vouched for by their company's own sign-in."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _account_mail(
    user_id: int,
    key: str,
    letter: str,
    at: datetime,
    ip: str,
    browser: str,
    **more: Any,
) -> None:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return
    context = {
        "at": timezone.localtime(at),
        "ip": ip,
        "browser": browser,
        "sessions_address": settings.SITE_URL + reverse("accounts:sessions"),
        "password_address": settings.SITE_URL + reverse("account_reset_password"),
        **more,
    }
    _mail(user, key, letter, context)


def _mail(user: User, key: str, letter: str, context: dict[str, Any]) -> None:
    letters_send(key=key, to=[user.email], letter=letter, context={"name": user.get_short_name(), **context})
