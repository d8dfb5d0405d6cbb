"""allauth's hooks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.browsers import browser_name
from accounts.devices import device_of, device_remember
from accounts.events import SecurityChange
from accounts.limiter import Entry, Guess, TooManyGuesses, guess_return, guess_take
from accounts.models import User
from accounts.services import new_device_report, security_change_report
from portal.audit.middleware import client_ip

TOO_MANY = _("Слишком много попыток. Подождите пять минут или задайте новый пароль по ссылке из письма.")


def guess(request: HttpRequest, entry: Entry, email: str) -> Guess:
    """Count a try of this visitor. Raises ValidationError when there were too many."""
    try:
        return guess_take(
            entry=entry,
            account=email,
            ip=client_ip(request),
            device=device_of(request, email),
            at=timezone.now(),
        )
    except TooManyGuesses:
        raise ValidationError(TOO_MANY, code="too_many_login_attempts") from None


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation of their company or of a manager: nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Sign-in, the administrator's sign-in and asking for the password again all pass here."""
        taken = guess(request, Entry.PASSWORD, credentials.get("email") or credentials.get("username") or "")
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            guess_return(taken)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the person's own address, whether or not allauth has a row for it."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def login(self, request: HttpRequest, user: User) -> None:
        """After all steps: remember the browser, and write to the person if it is new to them.

        The first sign-in of all is no news.
        """
        is_news = user.last_login is not None and not device_of(request, user.email)
        super().login(request, user)
        device_remember(request, user.email)
        if is_news:
            new_device_report(
                user_id=user.pk, at=timezone.now(), ip=client_ip(request), browser=_browser(request)
            )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Letters about what changed go through the outbox, in the portal's own words."""
        change = template_prefix.rpartition("/")[2]
        if change in SecurityChange.values:
            security_change_report(
                user_id=user.pk,
                change=SecurityChange(change),
                at=timezone.now(),
                ip=client_ip(self.request),
                browser=_browser(self.request),
            )


def _browser(request: HttpRequest) -> str:
    return browser_name(request.headers.get("User-Agent", ""))
