"""Puts the actor and his workplace on the request."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from catalog.models import City
from counterparties.actor import ANONYMOUS, Actor
from counterparties.models import Membership, Visit, VisitCart
from counterparties.selectors import Workplace, actor_for, memberships_held, workplace_for
from counterparties.web.impersonation import NOT_IN_VISITS
from counterparties.web.previewing import look_as_chosen

CITY_KEY = "city_id"
LEGAL_ENTITY_KEY = "legal_entity_id"
HOLDING_KEY = "holding_id"


class PortalRequest(HttpRequest):
    """A request behind `ActorMiddleware`; for type checks only."""

    actor: Actor
    workplace: Workplace
    visit: Visit | None
    impersonator: User | None
    previewed: Membership | None
    memberships: Sequence[Membership]
    cities: tuple[City, ...] | None
    """What a page has read of cities before it asks for the workplace."""


class ActorMiddleware:
    """`request.actor`, `request.workplace`, `request.memberships` (where the signed-in person works).

    During a visit (counterparties.web.visiting asks at every request whether it may go on) the actor is
    the client's person without the rights that do not pass to a manager.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        user = request.user
        request = cast(PortalRequest, request)
        visit = request.visit
        request.impersonator = visit.employee if visit else None
        request.previewed = None
        is_person = user.is_authenticated and user.is_active and not user.is_staff
        held = request.memberships = memberships_held(cast(User, user), on=today) if is_person else ()
        if not user.is_authenticated:
            request.actor = ANONYMOUS
        elif visit is not None:
            person = actor_for(
                user,
                on=today,
                holding_id=visit.holding_id,
                impersonator_id=visit.employee_id,
                memberships=held,
            )
            is_drafting = visit.cart == VisitCart.DRAFT
            request.actor = replace(person.without(*NOT_IN_VISITS), is_drafting=is_drafting)
        else:
            request.actor = actor_for(
                user, on=today, holding_id=request.session.get(HOLDING_KEY), memberships=held
            )
            look_as_chosen(request, on=today)
        request.workplace = cast(Workplace, SimpleLazyObject(lambda: self._workplace(request)))
        response = self.get_response(request)
        if user.is_authenticated and not response.has_header("Cache-Control"):
            # A page of one client must not come back under another one, or after signing out.
            response["Cache-Control"] = "private, no-store"
        return response

    @staticmethod
    def _workplace(request: PortalRequest) -> Workplace:
        return workplace_for(
            request.actor,
            legal_entity_id=request.session.get(LEGAL_ENTITY_KEY),
            city_id=request.session.get(CITY_KEY),
            on=timezone.localdate(),
            cities=getattr(request, "cities", None),
        )
