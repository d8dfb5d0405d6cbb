"""What the top of every page tells of the cart."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from counterparties.actor import ANONYMOUS
from orders.selectors import cart_line_count
from orders.selectors.drafts import drafts_waiting


def cart_badge(request: HttpRequest) -> dict[str, Any]:
    """`cart_lines`: number of lines in the current cart, counted when it is shown; nought for others.

    `manager_drafts`: carts that managers gathered for the person, read when shown.
    """
    actor = getattr(request, "actor", ANONYMOUS)
    if not actor.is_client:
        return {"cart_lines": 0, "manager_drafts": ()}
    return {
        "manager_drafts": SimpleLazyObject(lambda: list(drafts_waiting(actor))),
        "cart_lines": SimpleLazyObject(
            lambda: cart_line_count(actor=actor, workplace=request.workplace)  # type: ignore[attr-defined]
        ),
    }
