"""Drafts of managers: the client's person takes one over or puts it away. Nothing is ever emptied."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from orders.models import Cart, CartLine
from orders.selectors.drafts import drafts_waiting
from orders.services.cart import Repeated, cart_take
from orders.services.cart_lines import Wish


@transaction.atomic
def draft_take(*, actor: Actor, cart_id: int, at: datetime) -> Repeated:
    """Add all lines of a draft to the person's own cart, on top of what it holds; the draft is put away.

    Raises AccessDenied, Cart.DoesNotExist (no draft of his, or taken before), ContractClosed,
    City.DoesNotExist.
    """
    actor.require(Permission.ORDER_CREATE)
    parties_hold()
    draft = _locked(actor, cart_id)
    lines = CartLine.objects.filter(cart=draft).order_by("added_at", "pk")
    taken = cart_take(
        actor=actor,
        legal_entity_id=draft.legal_entity_id,
        contract_id=draft.contract_id,
        city_id=draft.city_id,
        wishes=[Wish.of(line) for line in lines],
        at=at,
    )
    _put_away(draft, at)
    return taken


@transaction.atomic
def draft_dismiss(*, actor: Actor, cart_id: int, at: datetime) -> Cart:
    """Put a draft away as it is. Raises AccessDenied, Cart.DoesNotExist."""
    actor.require(Permission.ORDER_CREATE)
    draft = _locked(actor, cart_id)
    _put_away(draft, at)
    return draft


def _locked(actor: Actor, cart_id: int) -> Cart:
    """Lock the draft with the person's own cart of the place, by key: lines may be moved between them."""
    place = drafts_waiting(actor).values("legal_entity_id", "contract_id", "city_id").get(pk=cart_id)
    rows = (
        Cart.objects.select_for_update(of=("self",))
        .filter(user_id=actor.user_id or 0, is_current=True, **place)
        .order_by("pk")
    )
    draft = next((row for row in rows if row.pk == cart_id), None)
    if draft is None:  # taken or put away meanwhile
        raise Cart.DoesNotExist
    return draft


def _put_away(draft: Cart, at: datetime) -> None:
    draft.is_current, draft.updated_at = False, at
    draft.save(update_fields=["is_current", "updated_at"])
