"""What every page's head needs."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.permissions import Permission
from counterparties.actor import ANONYMOUS, Actor
from counterparties.models import Membership
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
        "sees_settlements": actor.is_client and actor.can(Permission.FINANCE_VIEW),
        "manages_people": actor.is_client and actor.can(Permission.PEOPLE_MANAGE),
        "sees_documents": actor.can(Permission.DOCUMENT_VIEW) or actor.can(Permission.FINANCE_VIEW),
        "previewed": getattr(request, "previewed", None),
        "cities": SimpleLazyObject(lambda: request.workplace.cities),  # type: ignore[attr-defined]
        "my_legal_entities": SimpleLazyObject(
            lambda: latest_first(request.workplace.legal_entities, _recent_entities(request))  # type: ignore[attr-defined]
        ),
        "my_memberships": _memberships(request, actor),
    }


def _recent_entities(request: HttpRequest) -> list[int]:
    recent: list[int] = getattr(request, "session", {}).get(RECENT_ENTITIES_KEY, [])
    return recent


def _memberships(request: HttpRequest, actor: Actor) -> list[Membership]:
    """Holdings between which the person may switch, by name; nobody does it in another's name."""
    if not actor.is_client or actor.impersonator_id is not None:
        return []
    held: Sequence[Membership] = getattr(request, "memberships", ())
    return sorted(held, key=lambda one: (one.holding.name, one.pk))
