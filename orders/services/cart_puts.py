"""A saved cart into the current one line by line, and the current one over a saved one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from orders.models import Cart, CartLine
from orders.refusals import CartsMoved, NothingChosen
from orders.services.cart import Repeated, cart_locked, cart_touch
from orders.services.cart_lines import Wish, lines_add, prices_of_today
from orders.services.carts import carts_locked, gathering_begin


class Put(StrEnum):
    """What becomes of a line: its quantity instead of that in the current cart, on top of it, or nothing."""

    REPLACE = "replace"
    SUM = "sum"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a line; with `sku_id` an analog goes in its place."""

    put: Put
    sku_id: int | None = None


@transaction.atomic
def cart_put(
    *,
    actor: Actor,
    cart_id: int,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    choices: Mapping[int, Choice],
    seen_at: tuple[datetime | None, datetime | None],
    at: datetime,
) -> Repeated:
    """Put chosen lines (line -> choice) of a cart that the actor sees into the current one of a place.

    The saved cart stays as it is; a line that is gone or not chosen is passed over. `seen_at` are the
    moments of the last change of both that the page compared, the second None where there was no current
    one: a second click finds it changed. Raises AccessDenied, Cart.DoesNotExist, Contract.DoesNotExist,
    City.DoesNotExist, Sku.DoesNotExist, ContractClosed, NothingChosen, CartsMoved.
    """
    gathering_begin(actor)
    source = Cart.objects.visible_to(actor).get(pk=cart_id)
    lines = list(CartLine.objects.filter(cart=source, pk__in=choices).order_by("added_at", "pk"))
    over = [_wish(line, choices[line.pk]) for line in lines if choices[line.pk].put == Put.REPLACE]
    onto = [_wish(line, choices[line.pk]) for line in lines if choices[line.pk].put == Put.SUM]
    if not over and not onto:
        raise NothingChosen(_("Отметьте хотя бы одну строку."))
    cart = cart_locked(
        actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at
    )
    if (source.updated_at, None if cart.created_at == at else cart.updated_at) != seen_at:
        raise CartsMoved
    left_out = lines_add(cart, over, at=at, is_replacing=True) if over else {}
    left_out |= lines_add(cart, onto, at=at) if onto else {}
    cart_touch(cart, at)
    return Repeated(cart=cart, added=len(over) + len(onto) - len(left_out), left_out=tuple(left_out.values()))


@transaction.atomic
def cart_update(
    *,
    actor: Actor,
    cart_id: int,
    source_id: int,
    seen_at: tuple[datetime | None, datetime | None],
    at: datetime,
) -> Cart:
    """Make a saved cart hold what another one holds; the other stays as it is.

    `seen_at` are the moments of the last change of both that the page compared. Raises AccessDenied,
    Cart.DoesNotExist (the first may not be changed by the actor, the second not seen), CartsMoved.
    """
    gathering_begin(actor)
    cart, source = carts_locked(actor, [cart_id, source_id], is_changed=False)
    if cart_id == source_id or not Cart.objects.writable_by(actor).filter(pk=cart_id).exists():
        raise Cart.DoesNotExist
    if (cart.updated_at, source.updated_at) != seen_at:
        raise CartsMoved
    lines = list(source.lines.order_by("added_at", "pk"))
    cart.lines.all().delete()
    is_same_place = (source.contract_id, source.city_id) == (cart.contract_id, cart.city_id)
    wanted = {} if is_same_place else {line.sku_id: line.quantity for line in lines}
    prices = prices_of_today(cart, wanted, at=at)
    for line in lines:
        line.pk, line.cart = None, cart
        if not is_same_place:
            line.price_when_added = prices.get(line.sku_id)
    CartLine.objects.bulk_create(lines)
    cart_touch(cart, at)
    return cart


def _wish(line: CartLine, choice: Choice) -> Wish:
    """The line itself, or the same quantity of its analog."""
    if choice.sku_id is None:
        return Wish.of(line)
    return Wish(choice.sku_id, Decimal(line.quantity), client_reference=line.client_reference)
