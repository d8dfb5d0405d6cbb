"""Many carts of one person: made, named, shared, put together. Locks: gate of merges, then carts by key."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from catalog.models import City
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from orders.models import Cart, CartLine, CartSharing
from orders.refusals import CartStillCurrent, ContractClosed, DraftNotShared
from orders.selectors.cart import carts_whole
from portal.lib.dates import moscow_date


@transaction.atomic
def cart_create(
    *, actor: Actor, legal_entity_id: int, contract_id: int, city_id: int, name: str, at: datetime
) -> Cart:
    """Make an empty saved cart.

    Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist, ContractClosed.
    """
    gathering_begin(actor)
    contract = contract_open(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, at=at)
    city = City.objects.get(pk=city_id, is_active=True)
    return cart_insert(actor, contract=contract, city=city, name=name, at=at)


@transaction.atomic
def cart_rename(*, actor: Actor, cart_id: int, name: str, at: datetime) -> Cart:
    """Give one's own cart another name. Raises AccessDenied, Cart.DoesNotExist."""
    gathering_begin(actor)
    cart = _own_locked(actor, cart_id)
    cart.name, cart.updated_at = name, at
    cart.save(update_fields=["name", "updated_at"])
    return cart


@transaction.atomic
def cart_share(*, actor: Actor, cart_id: int, sharing: CartSharing, at: datetime) -> Cart:
    """Let colleagues see or change one's own saved cart, or no longer.

    Raises AccessDenied, Cart.DoesNotExist, CartStillCurrent (the current one only its person sees),
    DraftNotShared.
    """
    gathering_begin(actor)
    cart = _own_locked(actor, cart_id)
    if cart.is_current and sharing != CartSharing.OWN:
        raise CartStillCurrent
    if cart.drafted_by_id is not None and sharing != CartSharing.OWN:
        raise DraftNotShared
    cart.sharing, cart.updated_at = sharing, at
    cart.save(update_fields=["sharing", "updated_at"])
    return cart


@transaction.atomic
def cart_delete(*, actor: Actor, cart_id: int) -> None:
    """Remove one's own cart with its lines. Raises AccessDenied, Cart.DoesNotExist."""
    gathering_begin(actor)
    _own_locked(actor, cart_id).delete()


@transaction.atomic
def cart_copy(*, actor: Actor, cart_id: int, name: str, at: datetime) -> Cart:
    """Save what a cart holds under a name, as one's own; the cart itself stays as it is.

    Lines keep their words and the price of then: conditions are the same.
    Raises AccessDenied, Cart.DoesNotExist (not visible to the actor).
    """
    gathering_begin(actor)
    (source,) = carts_locked(actor, [cart_id], is_changed=False)
    copied = cart_insert(actor, contract=source.contract, city=source.city, name=name, at=at)
    lines = list(source.lines.order_by("added_at", "pk"))
    for line in lines:
        line.pk, line.cart = None, copied
    CartLine.objects.bulk_create(lines)
    return copied


def gathering_begin(actor: Actor) -> None:
    """Ask for the right to gather goods and pass the gate of merges: the first lock of all.

    Raises AccessDenied.
    """
    actor.require(Permission.ORDER_CREATE)
    if actor.is_read_only:
        raise AccessDenied("Только просмотр")
    parties_hold()


def contract_open(actor: Actor, *, legal_entity_id: int, contract_id: int, at: datetime) -> Contract:
    """The actor's contract. Raises Contract.DoesNotExist, ContractClosed."""
    contracts = Contract.objects.visible_to(actor).select_related("organization", "legal_entity")
    contract = contracts.get(pk=contract_id, legal_entity_id=legal_entity_id)
    if not contract.is_open_on(moscow_date(at)):
        raise ContractClosed
    return contract


def cart_insert(actor: Actor, *, contract: Contract, city: City, name: str, at: datetime) -> Cart:
    """A saved cart without lines."""
    return Cart.objects.create(
        user_id=cast(int, actor.user_id),  # a permission has a person
        legal_entity_id=contract.legal_entity_id,
        contract=contract,
        city=city,
        name=name,
        is_current=False,
        drafted_by_id=actor.drafts_as_id,
        created_at=at,
        updated_at=at,
    )


def carts_locked(actor: Actor, cart_ids: Collection[int], *, is_changed: bool = True) -> list[Cart]:
    """Lock carts by key, all of them together, so that no two requests wait for each other.

    In the asked order. Raises Cart.DoesNotExist where one may not be changed (else not seen) by the actor.
    """
    carts = Cart.objects.writable_by(actor) if is_changed else Cart.objects.visible_to(actor)
    rows = carts_whole(carts).select_for_update(of=("self",)).filter(pk__in=cart_ids).order_by("pk")
    found = {cart.pk: cart for cart in rows}
    if not set(cart_ids) <= set(found):
        raise Cart.DoesNotExist
    return [found[pk] for pk in cart_ids]


def _own_locked(actor: Actor, cart_id: int) -> Cart:
    return Cart.objects.owned_by(actor).select_for_update(of=("self",)).get(pk=cart_id)
