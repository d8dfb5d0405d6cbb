"""Sign-in through the client's own company: OpenID Connect, checked more strictly than allauth does."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from accounts.services import email_confirm
from counterparties.selectors import memberships_valid
from counterparties.selectors.sign_in import company_sign_in_for

FAILED = "Войти через компанию не удалось. Попробуйте еще раз или войдите с паролем."
NOT_OURS = (
    "Компания подтвердила вас, но в портале нет сотрудника с такой почтой. "
    "Попросите руководителя пригласить вас."
)

_CONFIG_FIELDS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_PERSON_FIELDS = ("sub", "email", "email_verified", "name")


class CompanyIdentity(OpenIDConnectOAuth2Adapter):
    """Talks to the company's server. Whatever is odd in its answers is an OAuth2Error, never a crash."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document, with all that is needed and from who it says it is."""
        try:
            config = super().openid_config
        except ValueError as error:  # not JSON; RequestException is handled by allauth
            raise OAuth2Error("The discovery document cannot be read") from error
        if not isinstance(config, dict) or any(
            not isinstance(config.get(name), str) for name in _CONFIG_FIELDS
        ):
            raise OAuth2Error("The discovery document lacks fields")
        server = self.get_provider().app.settings["server_url"].partition("/.well-known/")[0]
        if config["issuer"].rstrip("/") != server.rstrip("/"):
            raise OAuth2Error("The discovery document is of another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Take the id token, always with its signature, and user info of the same subject only."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("The server gave no id token")
        try:
            claims = self._decode_id_token(app, id_token)
            info = self._fetch_user_info(token.token)
        except (ValueError, KeyError, TypeError) as error:
            raise OAuth2Error("The server's answer cannot be read") from error
        if not isinstance(info, dict) or info.get("sub") != claims.get("sub"):
            raise OAuth2Error("User info is of another person")
        known = {name: info[name] for name in _PERSON_FIELDS if isinstance(info.get(name), str | bool)}
        return self.get_provider().sociallogin_from_response(request, {"userinfo": known})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        if "exp" not in claims or not isinstance(claims.get("sub"), str):
            raise OAuth2Error("The id token lacks fields")
        return claims


class CompanySocialAdapter(DefaultSocialAccountAdapter):
    """Lets in people of the holding that the server belongs to, and nobody else (SOCIALACCOUNT_ADAPTER)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Asked at every sign-in: a company vouches only for its own mail domain and its own people."""
        person = self._person(sociallogin)
        if person is None:
            raise _refused(request, NOT_OURS)
        if sociallogin.is_existing:
            if sociallogin.user.pk != person.pk:
                raise _refused(request, NOT_OURS)
            return
        sociallogin.connect(request, person)
        email_confirm(user=person)

    def _person(self, sociallogin: SocialLogin) -> User | None:
        info = sociallogin.account.extra_data.get("userinfo", {})
        email = info.get("email")
        if not isinstance(email, str) or info.get("email_verified") is False:
            return None
        company = company_sign_in_for(email)
        if company is None or company.app.provider_id != sociallogin.account.provider:
            return None
        members = memberships_valid(timezone.localdate()).filter(
            holding_id=company.holding_id, user__email=email.strip().lower(), user__is_staff=False
        )
        membership = members.select_related("user").first()
        return membership.user if membership is not None and membership.user.is_active else None

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        raise _refused(request, FAILED)


def _refused(request: HttpRequest, words: str) -> ImmediateHttpResponse:
    messages.error(request, words)
    return ImmediateHttpResponse(redirect("account_login"))
