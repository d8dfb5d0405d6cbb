"""What the top of every page tells of the cart."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from counterparties.actor import ANONYMOUS
from orders.selectors import cart_line_count


def cart_badge(request: HttpRequest) -> dict[str, Any]:
    """`cart_lines`: number of lines in the current cart, counted when it is shown; nought for others."""
    actor = getattr(request, "actor", ANONYMOUS)
    if not actor.is_client:
        return {"cart_lines": 0}
    return {
        "cart_lines": SimpleLazyObject(
            lambda: cart_line_count(actor=actor, workplace=request.workplace)  # type: ignore[attr-defined]
        )
    }
