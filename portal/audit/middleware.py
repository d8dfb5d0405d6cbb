"""Give every request its number, and everything that it writes its author."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.lib.trace import Trace, current_trace, traced

GetResponse = Callable[[HttpRequest], HttpResponse]

_PATH_LENGTH = 300
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class RequestIdMiddleware:
    """Stands near the top: numbers the request, tells the number in logs and in `X-Request-ID`.

    A number that came with the request is kept only behind our own proxy, else anybody could
    write into the logs.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trace = Trace(request_id=request_id(request), ip=client_ip(request), path=request.path[:_PATH_LENGTH])
        with traced(trace):
            response = self.get_response(request)
        response["X-Request-ID"] = trace.request_id
        return response


class AuditContextMiddleware:
    """Stands below sign-in and impersonation: adds who acts, and who entered in his name.

    A visitor without a session cookie costs nothing: the session is not even opened. A request that
    signs in by other means (1C with a password in its header) names its user with `traced`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        user_id = request.user.pk  # None for a visitor
        trace = replace(current_trace(), user_id=user_id, impersonator_id=impersonator_id(request))
        with traced(trace):
            return self.get_response(request)


def impersonator_id(request: HttpRequest) -> int | None:
    """Tell who really sits there when a person was entered with django-hijack; the first one in a chain."""
    chain = request.session.get("hijack_history") or []
    return int(chain[0]) if chain else None


def client_ip(request: HttpRequest) -> str:
    """Tell the visitor's address as the outermost of our own proxies saw it, never as the visitor claims."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    if proxies and forwarded:
        return forwarded[-min(proxies, len(forwarded))]
    return str(request.META.get("REMOTE_ADDR", ""))


def request_id(request: HttpRequest) -> str:
    """Take over the number given by our own proxy if it is a proper one, else make a new one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and _REQUEST_ID.fullmatch(given):
        return given
    return uuid4().hex
