"""What pages of the catalogue have in common."""

from typing import Any, TypeVar

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control

from accounts.permissions import Permission
from catalog.selectors import SectionTree
from counterparties.web.middleware import PortalRequest

Answer = TypeVar("Answer", bound=HttpResponseBase)


def privately(response: Answer) -> Answer:
    """Prices are this client's own: nobody between may keep the page."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def ordering(request: PortalRequest) -> dict[str, Any]:
    """Whether the person may fill a cart here, where its forms go and come back to; asked once a page."""
    can_order = request.actor.can(Permission.ORDER_CREATE) and request.workplace.contract is not None
    return {
        "can_order": can_order,
        "cart_add_url": reverse("orders:cart_add"),
        "here": request.get_full_path(),
    }


def trail(tree: SectionTree, section_id: int | None) -> list[tuple[str, str]]:
    """Addresses and names from the catalogue down to the section."""
    nodes = tree.trail(section_id) if section_id else []
    steps = [(reverse("catalog:section", args=[node.pk]), node.name) for node in nodes]
    return [(reverse("catalog:index"), "Каталог"), *steps]
