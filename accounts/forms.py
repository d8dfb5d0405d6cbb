"""allauth's forms behind the common limit (ACCOUNT_FORMS, MFA_FORMS)."""

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django.http import HttpRequest
from django.utils import timezone

from accounts.adapter import guess
from accounts.devices import device_remember
from accounts.limiter import Entry, code_spend, guess_return, guesses_forget
from accounts.services import password_reset_ask


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Whoever sits at a forgotten screen may not guess the old password at leisure."""

    def clean_oldpassword(self) -> str:
        taken = guess(context.request, Entry.PASSWORD, self.user.email)
        password: str = super().clean_oldpassword()
        guess_return(taken)
        return password


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """The letter is ordered, not sent: known and unknown addresses take the same path and time."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        guess(context.request, Entry.RESET, email)
        return email

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        email: str = self.cleaned_data["email"]
        password_reset_ask(email=email)
        return email


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    """Whoever reads the person's mail is the person: strangers' guesses no longer stand in the way."""

    def save(self) -> None:
        super().save()
        guesses_forget(entry=Entry.PASSWORD, account=self.user.email)
        device_remember(context.request, self.user.email)


class _LimitedCode:
    """A code of the second step: counted, and good for one use."""

    def clean_code(self) -> str:
        taken = guess(context.request, Entry.CODE, self.user.email)  # type: ignore[attr-defined]
        code: str = super().clean_code()  # type: ignore[misc]
        _spend(self.user.email, code)  # type: ignore[attr-defined]
        guess_return(taken)
        return code


class AuthenticateForm(_LimitedCode, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateForm(_LimitedCode, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """The code that proves a new authenticator does not open the next sign-in."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _spend(self.user.email, code)
        return code


def _spend(email: str, code: str) -> None:
    """The cache that allauth keeps used codes in may be away; the database is not."""
    if not code_spend(account=email, code=normalize_user_code(code), at=timezone.now()):
        raise get_adapter().validation_error("incorrect_code")
