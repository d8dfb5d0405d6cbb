"""Puts the actor and his workplace on the request."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from counterparties.actor import ANONYMOUS, Actor
from counterparties.models import Membership
from counterparties.selectors import Workplace, actor_for, may_enter_as, workplace_for
from counterparties.web.previewing import look_as_chosen
from portal.audit.middleware import impersonator_id

CITY_KEY = "city_id"
LEGAL_ENTITY_KEY = "legal_entity_id"
HOLDING_KEY = "holding_id"


class PortalRequest(HttpRequest):
    """A request behind `ActorMiddleware`; for type checks only."""

    actor: Actor
    workplace: Workplace
    impersonator: User | None
    previewed: Membership | None


class ActorMiddleware:
    """`request.actor`, `request.workplace`; ends an impersonation that is no longer permitted.

    django-hijack looks at the employee only once, when he enters; here he is looked at on every
    request, so that a dismissed or reassigned manager is out at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        user = request.user
        request = cast(PortalRequest, request)
        request.impersonator = request.previewed = None
        if not user.is_authenticated:
            request.actor = ANONYMOUS
        else:
            employee_id = impersonator_id(request)
            if employee_id is not None:
                request.impersonator = User.objects.filter(pk=employee_id).first()
                if request.impersonator is None or not may_enter_as(
                    employee=request.impersonator, person=user, on=today
                ):
                    logout(request)
                    return redirect("account_login")
            request.actor = actor_for(
                user,
                on=today,
                holding_id=request.session.get(HOLDING_KEY),
                impersonator_id=employee_id,
            )
            if employee_id is None:
                look_as_chosen(request, on=today)
        request.workplace = cast(Workplace, SimpleLazyObject(lambda: self._workplace(request)))
        return self.get_response(request)

    @staticmethod
    def _workplace(request: PortalRequest) -> Workplace:
        return workplace_for(
            request.actor,
            legal_entity_id=request.session.get(LEGAL_ENTITY_KEY),
            city_id=request.session.get(CITY_KEY),
        )
