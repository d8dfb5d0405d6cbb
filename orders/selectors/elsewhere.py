"""What becomes of a cart in another city: prices and stock of each line there, beside those here."""

from copy import copy
from dataclasses import dataclass
from datetime import date

from catalog.models import City
from orders.models import Cart
from orders.selectors.cart import CartLineView, CartView, cart_views


@dataclass(frozen=True, slots=True)
class LineElsewhere:
    """A line of the cart here and there."""

    here: CartLineView
    there: CartLineView

    @property
    def is_price_changed(self) -> bool:
        return self.here.price != self.there.price


@dataclass(frozen=True, slots=True)
class CartElsewhere:
    """A cart as it stands in its own city and as it would in another one; nothing is written."""

    city: City
    here: CartView
    there: CartView
    lines: tuple[LineElsewhere, ...]

    @property
    def unsold(self) -> int:
        """How many lines are not sold in the other city."""
        return sum(1 for line in self.lines if not line.there.is_kept)


def cart_elsewhere(cart: Cart, city: City, *, on: date) -> CartElsewhere:
    """Compare as prices are on the day; lines in the order of the cart, a fixed number of queries."""
    moved = copy(cart)
    moved.city = city
    here, there = cart_views([cart, moved], on=on)
    by_line = {line.pk: line for line in there.lines}
    lines = tuple(
        LineElsewhere(here=line, there=by_line[line.pk]) for line in here.lines if line.pk in by_line
    )
    return CartElsewhere(city=city, here=here, there=there, lines=lines)
