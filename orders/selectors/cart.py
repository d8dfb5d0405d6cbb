"""Which cart is meant; what lies in it tells `cart_views`."""

from django.db.models import Case, IntegerField, QuerySet, When

from counterparties.actor import Actor
from counterparties.models import DeliveryAddress
from counterparties.selectors import Workplace
from orders.models import Cart, CartLine
from orders.selectors.cart_lines import CartLineView, Piece
from orders.selectors.cart_views import CartView, PricedCart, cart_priced, cart_view, cart_views
from orders.selectors.shipment_plans import ShipmentPlan
from orders.selectors.trade import trade_told

__all__ = [
    "CartLineView",
    "CartView",
    "Piece",
    "PricedCart",
    "ShipmentPlan",
    "cart_by_id",
    "cart_current",
    "cart_line_count",
    "cart_line_view",
    "cart_of_line",
    "cart_priced",
    "cart_view",
    "cart_views",
    "carts_whole",
    "delivery_addresses",
]


def carts_whole(carts: QuerySet[Cart]) -> QuerySet[Cart]:
    """Carts with all that their view needs; one query."""
    whole = carts.select_related("legal_entity__holding__group", "contract__organization", "city")
    return trade_told(whole)


def cart_current(*, actor: Actor, workplace: Workplace) -> Cart | None:
    """The cart that the person now gathers for the workplace, if there is one; one query."""
    if workplace.legal_entity is None or workplace.contract is None or workplace.city is None:
        return None
    return (
        carts_whole(Cart.objects.owned_by(actor))
        .filter(
            legal_entity=workplace.legal_entity,
            contract=workplace.contract,
            city=workplace.city,
            is_current=True,
            drafted_by=actor.drafts_as_id,
        )
        .first()
    )


def cart_by_id(*, actor: Actor, cart_id: int) -> Cart:
    """A cart that the actor may see. Raises Cart.DoesNotExist."""
    return carts_whole(Cart.objects.visible_to(actor)).get(pk=cart_id)


def cart_of_line(*, actor: Actor, line_id: int) -> Cart:
    """The cart that holds a line. Raises CartLine.DoesNotExist (also where the actor may not change it)."""
    mine = CartLine.objects.filter(cart__in=Cart.objects.writable_by(actor))
    return cart_by_id(actor=actor, cart_id=mine.values_list("cart_id", flat=True).get(pk=line_id))


def cart_line_count(*, actor: Actor, workplace: Workplace) -> int:
    """Number of lines in the current cart, for the badge; one query."""
    if workplace.contract is None or workplace.city is None:
        return 0
    return CartLine.objects.filter(
        cart__in=Cart.objects.owned_by(actor),
        cart__contract=workplace.contract,
        cart__city=workplace.city,
        cart__is_current=True,
        cart__drafted_by=actor.drafts_as_id,
    ).count()


def cart_line_view(view: CartView, line_id: int) -> CartLineView | None:
    """One line of a cart's view."""
    return next((line for line in view.lines if line.pk == line_id), None)


def delivery_addresses(cart: Cart) -> QuerySet[DeliveryAddress]:
    """Where an order from the cart may be brought: prices and stock are the city's."""
    return DeliveryAddress.objects.filter(
        legal_entity=cart.legal_entity_id, city=cart.city_id, is_active=True
    ).order_by(
        Case(When(pk=cart.delivery_address_id, then=0), default=1, output_field=IntegerField()),
        "-is_default",
        "pk",
    )
