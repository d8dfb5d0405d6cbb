"""Every request of a manager who works in a client's cabinet: looked at anew, guarded and written down."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from counterparties.models import Visit
from counterparties.selectors.visits import visit_by_id
from counterparties.services.visits import visit_action_record, visit_seen
from counterparties.web.impersonation import OWN_SESSION_KEY, VISIT_KEY, end_due, is_denied, visit_close
from counterparties.web.visit_words import thing_before, thing_sent, what_was_asked
from portal.audit.middleware import impersonator_id

if TYPE_CHECKING:
    from counterparties.web.middleware import PortalRequest

PERSON_FIELD = "visit_person"
PERSON_HEADER = "X-Visit-Person"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_IN_ANY_TAB = frozenset({"counterparties:enter", "counterparties:leave"})


class VisitMiddleware:
    """`request.visit`; ends a visit that is no longer permitted, at the next request.

    django-hijack looks at the employee only once, when he enters. Here everything is asked again:
    the employee, his assignment, his password and his own session, the person, the membership, the
    client's consent and the time. Stands right below sign-in, before anything else may end a session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast("PortalRequest", request)
        request.visit = None
        visit_id = request.session.get(VISIT_KEY)
        if visit_id is None:
            return self._outside(request)
        own_session_key = request.session.get(OWN_SESSION_KEY, "")
        visit, at = visit_by_id(visit_id), timezone.now()
        if visit is None:
            logout(request)
            return redirect("account_login")
        end = end_due(request, visit, own_session_key=own_session_key, at=at)
        if end is not None:
            return visit_close(request, visit, own_session_key=own_session_key, end=end, at=at)
        visit_seen(visit, at=at)
        request.visit = visit
        if request.method in _SAFE:
            return self.get_response(request)
        return self._recorded(request, visit, at)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Refuse what nobody does in another's name. Raises PermissionDenied."""
        match, visit = request.resolver_match, cast("PortalRequest", request).visit
        if visit is not None and match is not None and is_denied(match.view_name):
            raise PermissionDenied(match.view_name)

    def _outside(self, request: "PortalRequest") -> HttpResponse:
        """Somebody works in his own name; a page that was opened during a visit may not act in it."""
        if impersonator_id(request) is not None:  # entered past our door
            logout(request)
            return redirect("account_login")
        if request.method not in _SAFE and SESSION_KEY in request.session:
            page_person = _page_person(request)
            if page_person and page_person != request.session[SESSION_KEY]:
                return _wrong_tab(request)
        return self.get_response(request)

    def _recorded(self, request: "PortalRequest", visit: Visit, at: datetime) -> HttpResponse:
        """Answer and note it in one transaction: what cannot be written down does not happen."""
        match = _match(request)
        name = match.view_name if match else ""
        with transaction.atomic():
            label = thing_before(request, visit, match)
            if name in _IN_ANY_TAB or _page_person(request) == str(visit.person_id):
                response = self.get_response(request)
            else:
                response = _wrong_tab(request)
            visit_action_record(
                visit,
                what=what_was_asked(request, name),
                label=label or thing_sent(visit, name, response),
                method=request.method or "",
                url_name=name,
                path=request.path,
                status=response.status_code,
                at=at,
            )
        return response


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _page_person(request: HttpRequest) -> str:
    """In whose name the page was opened from which this came; empty outside of visits."""
    return str(request.headers.get(PERSON_HEADER) or request.POST.get(PERSON_FIELD, ""))


def _wrong_tab(request: HttpRequest) -> HttpResponse:
    """The page belongs to another visit, or to none: nothing is done, the person is told."""
    response = render(request, "counterparties/visits/wrong_tab.html", status=409)
    if request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response
