"""Many lines into a locked cart at once, on top of what it holds or in place of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Sku
from orders.models import Cart, CartLine
from orders.quantities import check_quantity
from orders.refusals import SkuNotOnSale, WrongQuantity
from portal.lib.dates import moscow_date
from pricing.selectors import quotes, terms_for

_WRITTEN = ["quantity", "price_when_added", "client_reference", "comment", "desired_date"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall lie in a cart: base units of a good and what the client says of the line.

    `price` is what it cost when it was first added; empty: today's own price is kept.
    """

    sku_id: int
    quantity: Decimal
    client_reference: str = ""
    comment: str = ""
    desired_date: date | None = None
    price: Decimal | None = None

    @classmethod
    def of(cls, line: CartLine, *, with_price: bool = False) -> "Wish":
        """The same as a line of another cart; its price of then only where conditions are the same."""
        return cls(
            sku_id=line.sku_id,
            quantity=line.quantity,
            client_reference=line.client_reference,
            comment=line.comment,
            desired_date=line.desired_date,
            price=line.price_when_added if with_price else None,
        )


def lines_add(
    cart: Cart, wishes: Sequence[Wish], *, at: datetime, is_replacing: bool = False
) -> dict[int, str]:
    """Add wishes to what the cart holds, or with `is_replacing` write them over it.

    Return by sku what could not be added, with the reason; those lines stay as they were. Words of a line
    that is there already stay unless the wish has its own. Nine queries at most, whatever the wishes.
    Raises Sku.DoesNotExist.
    """
    sku_ids = [wish.sku_id for wish in wishes]
    skus = Sku.objects.select_related("product__unit").defer("product__description").in_bulk(sku_ids)
    if not set(sku_ids) <= set(skus):
        raise Sku.DoesNotExist
    held = {line.sku_id: line for line in CartLine.objects.filter(cart=cart, sku__in=sku_ids)}
    left_out: dict[int, str] = {}
    lines: dict[int, CartLine] = {}
    for wish in wishes:
        before = lines.get(wish.sku_id) or held.get(wish.sku_id)
        line = _line(cart, wish, before, at=at, is_replacing=is_replacing)
        reason = _refusal(skus[wish.sku_id], line.quantity)
        if reason:
            left_out[wish.sku_id] = reason
        else:
            lines[wish.sku_id] = line
    _prices_note(cart, lines, at)
    CartLine.objects.bulk_create(
        lines.values(), update_conflicts=True, unique_fields=["cart", "sku"], update_fields=_WRITTEN
    )
    return left_out


def prices_of_today(cart: Cart, quantities: Mapping[int, Decimal], *, at: datetime) -> dict[int, Decimal]:
    """Own price of a base unit under the cart's contract for each quantity; five queries at most."""
    if not quantities:
        return {}
    terms = terms_for(contract=cart.contract, city=cart.city, on=moscow_date(at))
    found = quotes(sku_ids=quantities.keys(), terms=terms, quantities=quantities)
    return {sku_id: quote.amount for sku_id, quote in found.items()}


def check_sold(sku: Sku, quantity: Decimal) -> None:
    """Raises SkuNotOnSale, WrongQuantity."""
    if sku.is_hidden or sku.product.is_hidden:
        raise SkuNotOnSale([sku.name])
    check_quantity(quantity, sku.product)


def _line(cart: Cart, wish: Wish, before: CartLine | None, *, at: datetime, is_replacing: bool) -> CartLine:
    """The row as it shall be; without a number, for the pair of cart and good finds the one that is there."""
    if before is None:
        before = CartLine(quantity=Decimal(0), added_at=at)
    return CartLine(
        cart=cart,
        sku_id=wish.sku_id,
        quantity=wish.quantity + (Decimal(0) if is_replacing else before.quantity),
        price_when_added=before.price_when_added if before.price_when_added is not None else wish.price,
        client_reference=wish.client_reference or before.client_reference,
        comment=wish.comment or before.comment,
        desired_date=wish.desired_date or before.desired_date,
        added_at=before.added_at,
    )


def _refusal(sku: Sku, quantity: Decimal) -> str:
    try:
        check_sold(sku, quantity)
    except SkuNotOnSale:
        return _("{name} (снято с продажи)").format(name=sku.name)
    except WrongQuantity as refusal:
        return f"{sku.name} ({refusal})"
    return ""


def _prices_note(cart: Cart, lines: Mapping[int, CartLine], at: datetime) -> None:
    unpriced = {sku_id: line.quantity for sku_id, line in lines.items() if line.price_when_added is None}
    for sku_id, price in prices_of_today(cart, unpriced, at=at).items():
        lines[sku_id].price_when_added = price
