"""Gathering goods. A cart is locked before its lines are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from catalog.models import City, Sku
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from orders.models import Cart, CartLine, Order
from orders.quantities import check_quantity
from orders.refusals import ContractClosed
from orders.selectors.repeating import goods_to_repeat
from orders.services.cart_lines import Wish, check_sold, lines_add, prices_of_today
from portal.lib.dates import moscow_date


@transaction.atomic
def cart_add(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    sku_id: int,
    quantity: Decimal,
    at: datetime,
) -> CartLine:
    """Put a quantity (base units) into the current cart, on top of what it holds; make the cart if absent.

    Raises AccessDenied, Contract.DoesNotExist (not visible to the actor), City.DoesNotExist,
    Sku.DoesNotExist, ContractClosed, SkuNotOnSale, WrongQuantity.
    """
    actor.require(Permission.ORDER_CREATE)
    sku = Sku.objects.select_related("product__unit").get(pk=sku_id)
    check_sold(sku, quantity)
    cart = cart_locked(
        actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at
    )
    line = CartLine.objects.filter(cart=cart, sku=sku).first()
    if line is None:
        line = CartLine(cart=cart, sku=sku, quantity=Decimal(0), added_at=at)
    line.quantity += quantity
    check_sold(sku, line.quantity)
    if line.price_when_added is None:
        line.price_when_added = prices_of_today(cart, {sku.pk: line.quantity}, at=at).get(sku.pk)
    line.save()
    cart_touch(cart, at)
    return line


@transaction.atomic
def cart_line_set(*, actor: Actor, line_id: int, quantity: Decimal, at: datetime) -> CartLine:
    """Set the quantity of a line.

    Raises AccessDenied, CartLine.DoesNotExist (not in a cart of the actor, or removed meanwhile),
    WrongQuantity. A line that is no longer sold may still be changed; ordering refuses it.
    """
    actor.require(Permission.ORDER_CREATE)
    line = _line_locked(actor, line_id)
    check_quantity(quantity, line.sku.product)
    line.quantity = quantity
    line.save(update_fields=["quantity"])
    cart_touch(line.cart, at)
    return line


@transaction.atomic
def cart_line_note(
    *,
    actor: Actor,
    line_id: int,
    client_reference: str,
    comment: str,
    desired_date: date | None,
    at: datetime,
) -> CartLine:
    """Write what the client says of a line; it goes into the order with it.

    Raises AccessDenied, CartLine.DoesNotExist.
    """
    actor.require(Permission.ORDER_CREATE)
    line = _line_locked(actor, line_id)
    line.client_reference, line.comment, line.desired_date = client_reference, comment, desired_date
    line.save(update_fields=["client_reference", "comment", "desired_date"])
    cart_touch(line.cart, at)
    return line


@transaction.atomic
def cart_line_remove(*, actor: Actor, line_id: int, at: datetime) -> Cart:
    """Take a line out. Raises AccessDenied, CartLine.DoesNotExist."""
    actor.require(Permission.ORDER_CREATE)
    line = _line_locked(actor, line_id)
    line.delete()
    cart_touch(line.cart, at)
    return line.cart


@transaction.atomic
def cart_clear(*, actor: Actor, cart_id: int, at: datetime) -> Cart:
    """Take all lines out. Raises AccessDenied, Cart.DoesNotExist."""
    actor.require(Permission.ORDER_CREATE)
    cart = Cart.objects.writable_by(actor).select_for_update(of=("self",)).get(pk=cart_id)
    cart.lines.all().delete()
    cart_touch(cart, at)
    return cart


@dataclass(frozen=True, slots=True)
class Repeated:
    """What came of adding many lines: how many were added, which goods were left out and why."""

    cart: Cart
    added: int
    left_out: tuple[str, ...]


@transaction.atomic
def order_repeat(*, actor: Actor, order_id: int, contract_id: int, city_id: int, at: datetime) -> Repeated:
    """Add all lines of an order to the current cart of its buyer; prices and stock are today's.

    Of an order born in 1C those rows that the portal sells; the others are named as left out.

    Raises AccessDenied, Order.DoesNotExist, Contract.DoesNotExist, City.DoesNotExist, ContractClosed.
    """
    actor.require(Permission.ORDER_CREATE)
    order = Order.objects.visible_to(actor).select_related("legal_entity").get(pk=order_id)
    wanted = goods_to_repeat(order)
    repeated = cart_fill(
        actor=actor,
        legal_entity_id=order.buyer_id,
        contract_id=contract_id,
        city_id=city_id,
        quantities=wanted.quantities,
        at=at,
    )
    return replace(repeated, left_out=(*repeated.left_out, *wanted.unsold))


@transaction.atomic
def cart_fill(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    quantities: Mapping[int, Decimal],
    at: datetime,
) -> Repeated:
    """Add many quantities (sku -> base units) to the current cart, on top of what it holds.

    Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist, Sku.DoesNotExist, ContractClosed.
    """
    return cart_take(
        actor=actor,
        legal_entity_id=legal_entity_id,
        contract_id=contract_id,
        city_id=city_id,
        wishes=[Wish(sku_id, quantity) for sku_id, quantity in quantities.items()],
        at=at,
    )


@transaction.atomic
def cart_take(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    wishes: Sequence[Wish],
    at: datetime,
) -> Repeated:
    """The same with what the client says of each line; every good once. Raises as `cart_fill`."""
    actor.require(Permission.ORDER_CREATE)
    cart = cart_locked(
        actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at
    )
    left_out = lines_add(cart, wishes, at=at)
    cart_touch(cart, at)
    return Repeated(cart=cart, added=len(wishes) - len(left_out), left_out=tuple(left_out.values()))


def cart_locked(actor: Actor, *, legal_entity_id: int, contract_id: int, city_id: int, at: datetime) -> Cart:
    """Find or make the current cart and lock it; two first clicks at once meet in one cart."""
    parties_hold()
    contract = Contract.objects.visible_to(actor).get(pk=contract_id, legal_entity_id=legal_entity_id)
    if not contract.is_open_on(moscow_date(at)):
        raise ContractClosed
    city = City.objects.get(pk=city_id, is_active=True)
    while True:
        found, _made = Cart.objects.get_or_create(
            user_id=cast(int, actor.user_id),  # a permission has a person
            legal_entity_id=legal_entity_id,
            contract=contract,
            city=city,
            is_current=True,
            drafted_by_id=actor.drafts_as_id,
            defaults={"created_at": at, "updated_at": at},
        )
        cart = Cart.objects.select_for_update(of=("self",)).filter(pk=found.pk, is_current=True).first()
        if cart is not None:  # else put aside or removed while this one waited for the lock
            cart.contract, cart.city = contract, city  # read already
            return cart


def _line_locked(actor: Actor, line_id: int) -> CartLine:
    """Lock the line's cart, then read the line: another tab may have removed it meanwhile."""
    mine = CartLine.objects.filter(cart__in=Cart.objects.writable_by(actor))
    cart_id = mine.values_list("cart_id", flat=True).get(pk=line_id)
    Cart.objects.select_for_update(of=("self",)).get(pk=cart_id)
    return mine.select_related("cart", "sku__product__unit").get(pk=line_id)


def cart_touch(cart: Cart, at: datetime) -> None:
    """Note when the cart was changed."""
    cart.updated_at = at
    cart.save(update_fields=["updated_at"])
