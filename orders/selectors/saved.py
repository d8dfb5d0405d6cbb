"""Carts of a person and those that colleagues share, as tabs and as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from counterparties.actor import Actor
from counterparties.selectors import Workplace
from orders.models import Cart, CartLine
from orders.selectors.cart import carts_whole
from orders.selectors.cart_views import CartView, cart_views


@dataclass(frozen=True, slots=True)
class SavedCart:
    """A cart in a list, with how many lines it has."""

    cart: Cart
    lines: int
    is_own: bool = True

    @property
    def is_put_aside(self) -> bool:
        return self.is_own and not self.cart.is_current and self.lines > 0

    @property
    def is_tab(self) -> bool:
        """Whether it is one of those that the person gathers now, each at a place of its own."""
        return self.is_own and self.cart.is_current and self.lines > 0


@dataclass(frozen=True, slots=True)
class CartRow:
    """A cart in the table: what it holds today, whose it is and what the actor may do with it."""

    view: CartView
    is_own: bool
    is_writable: bool

    @property
    def cart(self) -> Cart:
        return self.view.cart

    @property
    def is_orderable(self) -> bool:
        return self.is_own and self.view.may_be_ordered


def carts_of(actor: Actor) -> QuerySet[Cart]:
    """Carts to work with: own ones (a manager's in his draft) and those that colleagues share."""
    own = Q(user_id=actor.user_id, drafted_by=actor.drafts_as_id)
    return Cart.objects.visible_to(actor).filter(own | ~Q(user_id=actor.user_id))


_LINES = CartLine.objects.filter(cart=OuterRef("pk")).order_by().values("cart").values(lines=Count("pk"))


def carts_listed(*, actor: Actor) -> list[SavedCart]:
    """Carts that the actor may change, empty ones too, current ones first, then the newest; one query.

    Each with all that its view needs.
    """
    own = Q(user_id=actor.user_id, drafted_by=actor.drafts_as_id)
    carts = (
        carts_whole(Cart.objects.writable_by(actor))
        .filter(own | ~Q(user_id=actor.user_id))
        .annotate(line_count=Coalesce(Subquery(_LINES), 0))
        .order_by("-is_current", "-updated_at", "-pk")
    )
    return [
        SavedCart(cart=cart, lines=vars(cart)["line_count"], is_own=cart.user_id == actor.user_id)
        for cart in carts
    ]


def current_of(listed: Iterable[SavedCart], *, actor: Actor, workplace: Workplace) -> Cart | None:
    """Of the actor's carts the one that he now gathers for the workplace, if there is one; no query."""
    if workplace.legal_entity is None or workplace.contract is None or workplace.city is None:
        return None
    place = (workplace.legal_entity.pk, workplace.contract.pk, workplace.city.pk)
    for one in listed:
        cart = one.cart
        is_mine = (cart.user_id, cart.drafted_by_id) == (actor.user_id, actor.drafts_as_id)
        if cart.is_current and is_mine and (cart.legal_entity_id, cart.contract_id, cart.city_id) == place:
            return cart
    return None


def cart_rows(*, actor: Actor, on: date) -> list[CartRow]:
    """All carts of the actor and those shared with him, current first, then the newest.

    Saved ones also when empty. The same number of queries whatever the carts and their lines: two, three
    for each city and contract among them, one for each city. Lines are priced as on the cart's own page.
    """
    has_lines = Exists(CartLine.objects.filter(cart=OuterRef("pk")))
    carts = list(
        carts_whole(carts_of(actor))
        .select_related("user")
        .filter(Q(is_current=False) | has_lines)
        .order_by("-is_current", "-updated_at", "-pk")
    )
    return rows_of(carts, actor=actor, on=on)


def rows_of(carts: Sequence[Cart], *, actor: Actor, on: date) -> list[CartRow]:
    """Rows of carts that the actor sees."""
    return [
        CartRow(
            view=view,
            is_own=view.cart.user_id == actor.user_id,
            is_writable=view.cart.user_id == actor.user_id or view.cart.sharing == "edit",
        )
        for view in cart_views(carts, on=on)
    ]


def carts_chosen(*, actor: Actor, cart_ids: Sequence[int], on: date) -> list[CartView]:
    """Own carts in the asked order. Raises Cart.DoesNotExist where one is not the actor's."""
    found = carts_whole(Cart.objects.owned_by(actor)).in_bulk(list(cart_ids))
    if not set(cart_ids) <= set(found):
        raise Cart.DoesNotExist
    return cart_views([found[pk] for pk in dict.fromkeys(cart_ids)], on=on)
