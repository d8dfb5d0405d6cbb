"""Ages of sessions, the cookie of known browsers, and the second step that some must have."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.devices import device_cookie_set
from accounts.sessions import CLIENT_IDLE_LIMIT, STAFF_IDLE_LIMIT, is_over, seen
from accounts.web.second_factor import is_required, is_set_up
from portal.audit.middleware import impersonator_id

GetResponse = Callable[[HttpRequest], HttpResponse]

_SET_UP = frozenset(
    {
        "accounts:security",
        "accounts:unsubscribe",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "healthz",
        "readyz",
        "favicon",
    }
)
"""What a person without the second step that is asked of them may still open."""


class SessionAgeMiddleware:
    """Ends a session after 12 hours, or after 3 idle ones (1 for the distributor's people)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            at = timezone.now()
            is_staff = request.user.is_staff or impersonator_id(request) is not None
            if is_over(
                request.session, idle_limit=STAFF_IDLE_LIMIT if is_staff else CLIENT_IDLE_LIMIT, at=at
            ):
                logout(request)
            elif seen(request.session, at=at):
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=at)
        return self.get_response(request)


class KnownDeviceMiddleware:
    """Gives the browser its cookie after a sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        device_cookie_set(request, response)
        return response


class SecondFactorMiddleware:
    """Sends a person who must have a second step to set it up, and lets nothing else through.

    Stands below ActorMiddleware: inside a client's cabinet the employee is asked, not the client.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in _SET_UP:
            return None
        person = request.impersonator or request.user  # type: ignore[attr-defined]
        if not is_required(person, on=timezone.localdate()) or is_set_up(person):
            return None
        target = reverse("accounts:security")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": target})
        return redirect(target)
