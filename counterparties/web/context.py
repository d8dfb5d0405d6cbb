"""What every page's head needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalog.models import City
from counterparties.actor import ANONYMOUS
from counterparties.models import LegalEntity


def workplace(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `workplace`, `impersonator`; lists of cities and legal entities, read when shown."""
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor,
        "workplace": getattr(request, "workplace", None),
        "impersonator": getattr(request, "impersonator", None),
        "cities": SimpleLazyObject(
            lambda: list(City.objects.filter(is_active=True).order_by("position", "name"))
        ),
        "my_legal_entities": SimpleLazyObject(
            lambda: list(LegalEntity.objects.visible_to(actor).order_by("name"))
        ),
    }
