"""What the top of every page tells of the cart."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from counterparties.actor import ANONYMOUS, Actor
from orders.selectors import cart_line_count
from orders.selectors.drafts import drafts_live
from portal.lib.words import plural


def cart_badge(request: HttpRequest) -> dict[str, Any]:
    """`cart_lines`: number of lines in the current cart, counted when it is shown; nought for others.

    `manager_drafts`: carts that managers gathered for the person, read when shown.
    """
    actor = getattr(request, "actor", ANONYMOUS)
    if not actor.is_client:
        return {"cart_lines": 0, "manager_drafts": ()}
    return {
        "manager_drafts": SimpleLazyObject(lambda: _drafts(actor)),
        "cart_lines": SimpleLazyObject(
            lambda: cart_line_count(actor=actor, workplace=request.workplace)  # type: ignore[attr-defined]
        ),
    }


def _drafts(actor: Actor) -> list[Any]:
    """Drafts with `is_live` and how many goods they have, in words."""
    drafts: list[Any] = list(drafts_live(actor, at=timezone.now()))
    for draft in drafts:
        goods = plural(draft.line_count, _("позиция"), _("позиции"), _("позиций"))
        draft.count_words = f"{draft.line_count} {goods}"
    return drafts
