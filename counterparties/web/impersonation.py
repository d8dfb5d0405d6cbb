"""Sessions of visits: who may begin one (django-hijack asks here), what is closed in them, how they end."""

import re
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.permissions import Permission
from accounts.sessions import seen
from counterparties.models import Visit, VisitEnd
from counterparties.selectors.visits import entry_refusal, visit_end_due
from counterparties.services.visits import visit_end

VISIT_KEY = "visit_id"
OWN_SESSION_KEY = "own_session_key"

NOT_IN_VISITS = (Permission.DOCUMENT_SIGN, Permission.PEOPLE_MANAGE, Permission.PAYMENT_RECORD)
"""Rights of the client's person that do not pass to the manager who works in his name."""

_DENIED_SPACES = frozenset({"accounts", "admin"})
_DENIED_WORDS = frozenset(
    {
        "access", "account", "accounts", "consent", "consents", "email", "headless", "holding",
        "invitation", "invitations", "invite", "join", "login", "logout", "mfa", "openid",
        "passkey", "password", "pay", "payment", "people", "person", "preview", "reauthenticate",
        "requisites", "rights", "role", "roles", "session", "sessions", "sign", "signature", "signing",
        "signup", "socialaccount", "stage", "stages", "token", "tokens", "totp", "usersessions",
        "visits_allow", "webauthn",
    }
)  # fmt: skip
"""Words in the name of an address that close it: passwords, second factor, mail, sessions, rights, roles and
people, consents, requisites and bank accounts, signing, paying, tokens. New addresses fall under them too."""


def may_enter(*, hijacker: User, hijacked: User) -> bool:
    """Answer django-hijack: whether the employee may enter any cabinet of the person today."""
    refusal, _membership = entry_refusal(
        employee=hijacker, person=hijacked, holding_id=None, on=timezone.localdate()
    )
    return refusal is None


def is_denied(view_name: str) -> bool:
    """Whether an address is closed to a manager who works in a client's name."""
    space, _colon, name = view_name.rpartition(":")
    if space.split(":")[0] in _DENIED_SPACES or name in _DENIED_WORDS:
        return True
    return not _DENIED_WORDS.isdisjoint(re.split(r"[:_\-]", view_name))


def end_due(request: HttpRequest, visit: Visit, *, own_session_key: str, at: datetime) -> VisitEnd | None:
    """Why the visit must end before this request is answered, or None while it may go on."""
    end = visit_end_due(visit, at=at)
    if end is not None:
        return end
    if _own_session(visit, own_session_key) is None:
        return VisitEnd.SIGN_IN
    if request.user.pk != visit.person_id:  # closed to everybody, or signed out by a new password
        return VisitEnd.PERSON
    return None


def visit_close(
    request: HttpRequest, visit: Visit, *, own_session_key: str, end: VisitEnd, at: datetime
) -> HttpResponse:
    """Drop the visit's session, give the manager his own one back and lead him to what he has done.

    Without a session of his own that still holds he is nobody and starts at the sign-in.
    """
    visit_end(visit_id=visit.pk, end=end, at=at)
    request.session.flush()
    rotate_token(request)
    own = (
        _own_session(visit, own_session_key) if visit.employee.is_active and visit.employee.is_staff else None
    )
    target = reverse("account_login")
    if own is not None:
        seen(own, at=at)
        own.modified = True
        request.session = own
        target = reverse("counterparties:visit", args=[visit.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": target})
    return redirect(target)


def new_session(key: str | None = None) -> SessionBase:
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return store


def _own_session(visit: Visit, key: str) -> SessionBase | None:
    """The session from which the manager came, while it is his and his password is the same."""
    if not key:
        return None
    session = new_session(key)
    if session.get(SESSION_KEY) != str(visit.employee_id):
        return None
    known = constant_time_compare(session.get(HASH_SESSION_KEY, ""), visit.employee.get_session_auth_hash())
    return session if known else None
