"""The same goods for other legal entities: a saved cart for each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from orders.refusals import NothingChosen, TooManyPlaces
from orders.services.cart import Repeated
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import cart_insert, carts_locked, contract_open, gathering_begin

MOST_PLACES = 50


@transaction.atomic
def cart_duplicate(
    *, actor: Actor, cart_id: int, places: Sequence[tuple[int, int]], at: datetime
) -> list[Repeated]:
    """Save the cart's lines for each (legal entity, contract), in the same city at prices of its own.

    What is no longer sold is left out there and named: it stands in the first cart. All or none.
    Raises AccessDenied, Cart.DoesNotExist (not visible), Contract.DoesNotExist, ContractClosed,
    NothingChosen, TooManyPlaces.
    """
    gathering_begin(actor)
    if not places:
        raise NothingChosen(_("Выберите хотя бы одно юрлицо."))
    if len(places) > MOST_PLACES:
        raise TooManyPlaces(MOST_PLACES)
    (source,) = carts_locked(actor, [cart_id], is_changed=False)
    wishes = [Wish.of(line) for line in source.lines.order_by("added_at", "pk")]
    made = []
    for legal_entity_id, contract_id in dict.fromkeys(places):
        contract = contract_open(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, at=at)
        cart = cart_insert(actor, contract=contract, city=source.city, name=source.name, at=at)
        left_out = lines_add(cart, wishes, at=at)
        made.append(Repeated(cart, len(wishes) - len(left_out), tuple(left_out.values())))
    return made
