"""How a person signs in: security, sessions, sign-in through the company."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from accounts import services
from accounts.models import User
from accounts.selectors import session_rows
from accounts.web.company import FAILED, CompanyIdentity
from accounts.web.second_factor import is_required, is_set_up
from counterparties.selectors.sign_in import company_sign_in_for
from portal.audit.middleware import impersonator_id

View = Callable[..., HttpResponse]


def own_account(view: View) -> View:
    """Let a view run only for the person themselves, never for one who entered in their name."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if impersonator_id(request) is not None:
            raise PermissionDenied("Вход настраивает только сам человек")
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_GET
@own_account
def security(request: HttpRequest) -> HttpResponse:
    """All that guards an account on one page."""
    user = cast(User, request.user)
    own = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))
    codes = next((one for one in own if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "totp": next((one for one in own if one.type == Authenticator.Type.TOTP), None),
        "keys": [one for one in own if one.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "sessions": len(session_rows(user=user, current_key=request.session.session_key)),
        "is_required": is_required(user, on=timezone.localdate()),
        "is_set_up": is_set_up(user),
    }
    return render(request, "account/security.html", context)


@never_cache
@require_GET
@own_account
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in now."""
    rows = session_rows(user=cast(User, request.user), current_key=request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


@require_POST
@own_account
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session; one's own current one leads to the sign-in page."""
    try:
        services.session_end(user_id=cast(User, request.user).pk, session_id=pk)
    except UserSession.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Сеанс завершен.")
    return redirect("accounts:sessions")


@require_POST
@own_account
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    ended = services.sessions_end(user_id=cast(User, request.user).pk, but=request.session.session_key)
    messages.success(request, f"Завершено сеансов: {ended}.")
    return redirect("accounts:sessions")


@login_not_required
@require_GET
def company(request: HttpRequest) -> HttpResponse:
    """Offer the company's sign-in to an address of its domain; htmx: the offer alone."""
    login = request.GET.get("login", "")
    context = {"login": login, "company": company_sign_in_for(login) if login else None}
    is_fragment = request.headers.get("HX-Request") == "true"
    page = "socialaccount/_offer.html" if is_fragment else "socialaccount/company.html"
    answer = render(request, page, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@login_not_required
@never_cache
@require_POST
def company_start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to their company's server.

    By a page, not by a redirect: form-action of the Content-Security-Policy holds for redirects of
    forms, too, and the server's address is not known beforehand.
    """
    try:
        provider = get_social_adapter(request).get_provider(request, provider=provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    provider.oauth2_adapter_class = CompanyIdentity
    try:
        answer = provider.redirect(request, process=AuthProcess.LOGIN)
    except (OAuth2Error, RequestException):
        messages.error(request, FAILED)
        return redirect("account_login")
    except ImmediateHttpResponse as refused:
        return cast(HttpResponse, refused.response)
    context = {"name": provider.app.name, "address": answer["Location"]}
    return render(request, "socialaccount/leaving.html", context)


@login_not_required
@never_cache
@require_GET
def company_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the company's server."""
    try:
        view = OAuth2CallbackView.adapter_view(CompanyIdentity(request, provider_id))
        return cast(HttpResponse, view(request))
    except SocialApp.DoesNotExist:
        raise Http404 from None
