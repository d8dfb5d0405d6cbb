"""What every page's head needs."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.permissions import Permission
from catalog.models import City
from counterparties.actor import ANONYMOUS, Actor
from counterparties.models import LegalEntity, Membership
from counterparties.selectors.people import memberships_of
from counterparties.web.header import RECENT_ENTITIES_KEY, latest_first


def workplace(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `workplace`, `visit`, `previewed`...; lists of what may be chosen are read when shown."""
    actor = getattr(request, "actor", ANONYMOUS)
    visit = getattr(request, "visit", None)
    return {
        "actor": actor,
        "workplace": getattr(request, "workplace", None),
        "impersonator": getattr(request, "impersonator", None),
        "visit": visit,
        "visit_seconds_left": int((visit.deadline - timezone.now()).total_seconds()) if visit else 0,
        "manages_people": actor.is_client and actor.can(Permission.PEOPLE_MANAGE),
        "previewed": getattr(request, "previewed", None),
        "cities": SimpleLazyObject(
            lambda: list(City.objects.filter(is_active=True).order_by("position", "name"))
        ),
        "my_legal_entities": SimpleLazyObject(
            lambda: latest_first(
                LegalEntity.objects.visible_to(actor).order_by("name", "pk"), _recent_entities(request)
            )
        ),
        "my_memberships": SimpleLazyObject(lambda: list(_memberships(actor))),
    }


def _recent_entities(request: HttpRequest) -> list[int]:
    recent: list[int] = getattr(request, "session", {}).get(RECENT_ENTITIES_KEY, [])
    return recent


def _memberships(actor: Actor) -> Iterable[Membership]:
    """Holdings between which the person may switch; nobody does it in another's name."""
    if actor.user_id is None or not actor.is_client or actor.impersonator_id is not None:
        return []
    return memberships_of(actor.user_id, on=timezone.localdate())
