"""Puts the actor and his workplace on the request."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from counterparties.actor import ANONYMOUS, AccessDenied, Actor
from counterparties.selectors import Workplace, actor_for, may_enter_as, workplace_for
from portal.audit.middleware import impersonator_id

CITY_KEY = "city_id"
LEGAL_ENTITY_KEY = "legal_entity_id"
EMPLOYEE_HASH_KEY = "employee_hash"  # of the password with which the employee who entered had signed in
_SIGN_OUT = "account_logout"


class PortalRequest(HttpRequest):
    """A request behind `ActorMiddleware`; for type checks only."""

    actor: Actor
    workplace: Workplace
    impersonator: User | None


class ActorMiddleware:
    """`request.actor`, `request.workplace`; ends an impersonation that is no longer permitted.

    django-hijack looks at the employee only once, when he enters; here he is looked at on every
    request, so that a dismissed or reassigned manager, or one whose password was changed, is out at
    once. Password, e-mail and other matters of sign-in stay the client's own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        user = request.user
        request = cast(PortalRequest, request)
        request.impersonator = None
        if not user.is_authenticated:
            request.actor = ANONYMOUS
        else:
            employee_id = impersonator_id(request)
            if employee_id is not None:
                request.impersonator = _employee(request, employee_id)
                if request.impersonator is None or not may_enter_as(
                    employee=request.impersonator, person=user, on=today
                ):
                    logout(request)
                    return redirect("account_login")
            request.actor = actor_for(user, on=today, impersonator_id=employee_id)
        request.workplace = cast(Workplace, SimpleLazyObject(lambda: self._workplace(request)))
        response = self.get_response(request)
        if user.is_authenticated and not response.has_header("Cache-Control"):
            # A page of one client must not come back under another one, or after signing out.
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(
        self, request: PortalRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        """Refuse all pages of allauth but leaving to an employee in a client's cabinet."""
        name = request.resolver_match.url_name if request.resolver_match else None
        is_sign_in = (getattr(view, "__module__", "") or "").startswith("allauth.")
        if request.impersonator is not None and is_sign_in and name != _SIGN_OUT:
            raise AccessDenied("Вход и пароль меняет только сам клиент")

    @staticmethod
    def _workplace(request: PortalRequest) -> Workplace:
        return workplace_for(
            request.actor,
            legal_entity_id=request.session.get(LEGAL_ENTITY_KEY),
            city_id=request.session.get(CITY_KEY),
            on=timezone.localdate(),
        )


def _employee(request: HttpRequest, pk: int) -> User | None:
    """The employee who entered, unless the password with which he signed in has been changed since."""
    employee = User.objects.filter(pk=pk).first()
    told = request.session.get(EMPLOYEE_HASH_KEY, "")
    if employee is None or not constant_time_compare(told, employee.get_session_auth_hash()):
        return None
    return employee
