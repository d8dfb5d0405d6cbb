"""Lines from one cart to another. Locks: gate of merges, then both carts by key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from orders.models import Cart, CartLine
from orders.refusals import NothingChosen
from orders.services.cart import cart_touch
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import cart_insert, carts_locked, gathering_begin


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the cart that has the lines now, how many, and what was left where it was."""

    cart: Cart
    count: int
    left_out: tuple[str, ...]


@transaction.atomic
def lines_move(
    *, actor: Actor, cart_id: int, line_ids: Collection[int], target_id: int, is_copy: bool, at: datetime
) -> Moved:
    """Move or copy lines to another cart, on top of what it holds; what cannot lie there stays.

    Lines that somebody has removed meanwhile are passed over. Raises AccessDenied, Cart.DoesNotExist (one
    may not be changed by the actor; to copy it is enough to see the first), NothingChosen.
    """
    gathering_begin(actor)
    source, target = _pair_locked(actor, cart_id, target_id, is_copy=is_copy)
    lines = list(source.lines.filter(pk__in=line_ids).order_by("added_at", "pk"))
    if not lines:
        raise NothingChosen(_("Отметьте хотя бы одну строку."))
    return _moved(source, target, lines, is_copy=is_copy, at=at)


@transaction.atomic
def lines_move_out(
    *, actor: Actor, cart_id: int, line_ids: Collection[int], name: str, is_copy: bool, at: datetime
) -> Moved:
    """Move or copy lines to a new saved cart of the same place. Raises as `lines_move`."""
    gathering_begin(actor)
    (source,) = carts_locked(actor, [cart_id], is_changed=not is_copy)
    target = cart_insert(actor, contract=source.contract, city=source.city, name=name, at=at)
    return lines_move(
        actor=actor, cart_id=cart_id, line_ids=line_ids, target_id=target.pk, is_copy=is_copy, at=at
    )


@transaction.atomic
def cart_merge(*, actor: Actor, cart_id: int, target_id: int, at: datetime) -> Moved:
    """Move all lines to another cart and remove the first if it is saved, one's own and empty now.

    Raises AccessDenied, Cart.DoesNotExist.
    """
    gathering_begin(actor)
    source, target = _pair_locked(actor, cart_id, target_id, is_copy=False)
    lines = list(source.lines.order_by("added_at", "pk"))
    moved = _moved(source, target, lines, is_copy=False, at=at)
    if not source.is_current and source.user_id == actor.user_id and not source.lines.exists():
        source.delete()
    return moved


@transaction.atomic
def lines_remove(*, actor: Actor, cart_id: int, line_ids: Collection[int], at: datetime) -> int:
    """Take chosen lines out and tell how many. Raises AccessDenied, Cart.DoesNotExist."""
    gathering_begin(actor)
    (cart,) = carts_locked(actor, [cart_id])
    removed, _by_model = CartLine.objects.filter(cart=cart, pk__in=line_ids).delete()
    cart_touch(cart, at)
    return removed


def _pair_locked(actor: Actor, cart_id: int, target_id: int, *, is_copy: bool) -> tuple[Cart, Cart]:
    if cart_id == target_id:
        raise Cart.DoesNotExist
    source, target = carts_locked(actor, [cart_id, target_id], is_changed=not is_copy)
    if is_copy and not Cart.objects.writable_by(actor).filter(pk=target_id).exists():
        raise Cart.DoesNotExist
    return source, target


def _moved(source: Cart, target: Cart, lines: list[CartLine], *, is_copy: bool, at: datetime) -> Moved:
    is_same_place = (source.contract_id, source.city_id) == (target.contract_id, target.city_id)
    wishes = [Wish.of(line, with_price=is_same_place) for line in lines]
    left_out = lines_add(target, wishes, at=at)
    cart_touch(target, at)
    if not is_copy:
        gone = [line.pk for line in lines if line.sku_id not in left_out]
        CartLine.objects.filter(pk__in=gone).delete()
        cart_touch(source, at)
    return Moved(target, len(lines) - len(left_out), tuple(left_out.values()))
