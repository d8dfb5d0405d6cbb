"""Carts of a client's people, for those who manage the people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from accounts.permissions import Permission
from counterparties.models import Membership
from counterparties.selectors import actor_of_membership
from orders.models import Cart


@dataclass(frozen=True, slots=True)
class CartToHandOver:
    """A cart with lines; `may_pass` tells whether the heir may order for its legal entity."""

    cart: Cart
    lines: int
    may_pass: bool


def carts_open(*, user_ids: Collection[int], holding_id: int) -> dict[int, int]:
    """Number of carts with lines in them, by person; one query."""
    rows = (
        Cart.objects.filter(user__in=user_ids, legal_entity__holding_id=holding_id, lines__isnull=False)
        .values("user_id")
        .annotate(carts=Count("pk", distinct=True))
        .values_list("user_id", "carts")
    )
    return dict(rows)


def carts_to_hand_over(
    *, user_id: int, holding_id: int, heir: Membership | None, on: date
) -> list[CartToHandOver]:
    """A person's carts with lines in a holding, and which of them the heir would get."""
    carts = (
        Cart.objects.filter(user_id=user_id, legal_entity__holding_id=holding_id)
        .select_related("legal_entity", "city")
        .annotate(line_count=Count("lines"))
        .filter(line_count__gt=0)
        .order_by("legal_entity__name", "pk")
    )
    allowed = orderable_entity_ids(heir, on=on) if heir else frozenset()
    return [
        CartToHandOver(cart=cart, lines=vars(cart)["line_count"], may_pass=cart.legal_entity_id in allowed)
        for cart in carts
    ]


def orderable_entity_ids(membership: Membership, *, on: date) -> frozenset[int]:
    """Legal entities that a person may gather carts for."""
    actor = actor_of_membership(membership, on=on)
    return actor.legal_entity_ids if actor.can(Permission.ORDER_CREATE) else frozenset()
