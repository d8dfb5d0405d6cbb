"""Carts of a person who left go to a colleague."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from counterparties.merge_gate import parties_hold
from counterparties.selectors import memberships_valid
from orders.models import Cart, CartLine
from orders.selectors.people import orderable_entity_ids
from portal.lib.dates import moscow_date

_NAME_LENGTH = 100


@transaction.atomic
def carts_hand_over(*, user_id: int, heir_id: int, holding_id: int, at: datetime) -> int:
    """Give a person's carts in a holding to the heir; return how many went.

    Carts of legal entities that the heir may not order for stay where they are. Nothing is mixed:
    where the heir gathers a cart of his own already, the other one comes beside it as a saved cart,
    named after the person who left. Idempotent: what has gone is no longer the person's.
    """
    parties_hold()
    membership = (
        memberships_valid(moscow_date(at))
        .filter(user_id=heir_id, holding_id=holding_id, user__is_active=True)
        .select_related("role")
        .first()
    )
    if membership is None:
        return 0
    allowed = orderable_entity_ids(membership, on=moscow_date(at))
    rows = list(
        Cart.objects.select_for_update(of=("self",))
        .filter(user__in=[user_id, heir_id], legal_entity__in=allowed)
        .filter(legal_entity__holding_id=holding_id)
        .order_by("pk")
    )
    full = set(CartLine.objects.filter(cart__in=rows).values_list("cart_id", flat=True))
    own = [cart for cart in rows if cart.user_id == heir_id and cart.is_current]
    taken = {_place(cart) for cart in own if cart.pk in full}
    Cart.objects.filter(pk__in=[cart.pk for cart in own if cart.pk not in full]).update(is_current=False)
    going = [cart for cart in rows if cart.user_id == user_id]
    name = User.objects.get(pk=user_id).get_full_name()
    for cart in going:
        cart.user_id, cart.updated_at = heir_id, at
        if cart.is_current and _place(cart) in taken:
            cart.is_current = False
        if not cart.is_current:
            cart.name = f"{cart.name}: {name}"[:_NAME_LENGTH]
    Cart.objects.bulk_update(going, ["user", "updated_at", "is_current", "name"])
    return len(going)


def _place(cart: Cart) -> tuple[int, int, int, int | None]:
    return (cart.legal_entity_id, cart.contract_id, cart.city_id, cart.drafted_by_id)
