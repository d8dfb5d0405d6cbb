"""A saved cart beside the current one, line by line."""

from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import City
from counterparties.models import Contract
from orders.models import Cart
from orders.selectors.analogs import Analog, analogs_of
from orders.selectors.cart_lines import CartLineView
from orders.selectors.cart_views import CartView, cart_views


@dataclass(frozen=True, slots=True)
class PutLine:
    """A saved line as it would stand in the current cart; `held` is how much of the good lies there."""

    line: CartLineView
    held: Decimal
    analogs: tuple[Analog, ...]


@dataclass(frozen=True, slots=True)
class CartPut:
    """A saved cart beside the current one of a place; nothing is written."""

    saved: Cart
    view: CartView
    lines: tuple[PutLine, ...]
    current: Cart | None


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A good with its quantity before and after; None where it is not there."""

    sku_name: str
    unit: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> str:
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "" if self.before == self.after else "changed"


def cart_put_view(saved: Cart, *, contract: Contract, city: City, current: Cart | None, on: date) -> CartPut:
    """The lines at prices and stock of the place where they would go, withdrawn goods with their analogs."""
    moved = copy(saved)
    moved.contract, moved.legal_entity, moved.city = contract, contract.legal_entity, city
    views = cart_views([moved, *([current] if current else [])], on=on)
    held = {line.sku.pk: line.quantity for line in views[1].lines} if current else {}
    gone = {line.sku.product_id for line in views[0].lines if not line.is_on_sale}
    analogs = analogs_of(gone)
    lines = tuple(
        PutLine(
            line=line,
            held=held.get(line.sku.pk, Decimal(0)),
            analogs=() if line.is_on_sale else tuple(analogs.get(line.sku.product_id, ())),
        )
        for line in views[0].lines
    )
    return CartPut(saved=saved, view=views[0], lines=lines, current=current)


def cart_changes(saved: Cart, source: Cart) -> list[ChangedLine]:
    """What of a saved cart becomes another if it takes what the source holds; what changes stands first."""
    lines = {
        pk: list(cart.lines.select_related("sku__product__unit").order_by("added_at", "pk"))
        for pk, cart in (("before", saved), ("after", source))
    }
    before = {line.sku_id: line for line in lines["before"]}
    after = {line.sku_id: line for line in lines["after"]}
    found = []
    for sku_id in dict.fromkeys([*before, *after]):
        line = after.get(sku_id) or before[sku_id]
        found.append(
            ChangedLine(
                sku_name=line.sku.name,
                unit=line.sku.product.unit.name,
                before=before[sku_id].quantity if sku_id in before else None,
                after=after[sku_id].quantity if sku_id in after else None,
            )
        )
    return sorted(found, key=lambda one: not one.change)
