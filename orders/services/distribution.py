"""One cart shared out to several delivery points: a saved cart for each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from catalog.models import City, Sku
from counterparties.actor import Actor
from counterparties.models import Contract, DeliveryAddress
from orders.models import Cart, CartLine
from orders.quantities import check_quantity
from orders.refusals import CartChanged, ContractClosed, NothingShared
from orders.selectors.cart import carts_whole
from orders.selectors.cart_views import cart_views
from orders.services.carts import gathering_begin
from portal.lib.dates import moscow_date

_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Destination:
    """For whom, under which contract and where to; no address means pickup in the city."""

    legal_entity_id: int
    contract_id: int
    city_id: int
    delivery_address_id: int | None


@transaction.atomic
def cart_distribute(
    *,
    actor: Actor,
    cart_id: int,
    shares: Mapping[Destination, Mapping[int, Decimal]],
    seen_at: datetime,
    at: datetime,
) -> list[Cart]:
    """Make a saved cart for each destination with its share (sku -> base units); the cart itself stays.

    `seen_at` is when the cart had last changed as the page showed it. A second request finds it changed,
    so that the same shares are not made twice. Only goods of the cart can be shared out.

    Raises AccessDenied, Cart.DoesNotExist, Contract.DoesNotExist, City.DoesNotExist,
    DeliveryAddress.DoesNotExist, Sku.DoesNotExist (not in the cart), CartChanged, NothingShared,
    ContractClosed, WrongQuantity.
    """
    gathering_begin(actor)
    cart = Cart.objects.owned_by(actor).select_for_update(of=("self",)).get(pk=cart_id)
    if cart.updated_at != seen_at:
        raise CartChanged
    shares = {where: share for where, share in shares.items() if share}
    if not shares:
        raise NothingShared
    words = _lines_checked(cart, shares)
    made = _saved_carts(actor, cart, list(shares), at)
    Cart.objects.bulk_create(made)
    CartLine.objects.bulk_create(
        CartLine(
            cart=one,
            sku_id=sku_id,
            quantity=quantity,
            client_reference=words[sku_id].client_reference,
            comment=words[sku_id].comment,
            desired_date=words[sku_id].desired_date,
            added_at=at,
        )
        for one, share in zip(made, shares.values(), strict=True)
        for sku_id, quantity in share.items()
    )
    _prices_note(made, at)
    Cart.objects.filter(pk=cart.pk).update(updated_at=at)
    return made


def _prices_note(made: Sequence[Cart], at: datetime) -> None:
    """Keep what each line costs today; all carts are priced together."""
    carts = carts_whole(Cart.objects.filter(pk__in=[one.pk for one in made]))
    views = cart_views(list(carts), on=moscow_date(at))
    lines = [CartLine(pk=line.pk, price_when_added=line.price) for view in views for line in view.lines]
    CartLine.objects.bulk_update(lines, ["price_when_added"])


def _lines_checked(cart: Cart, shares: Mapping[Destination, Mapping[int, Decimal]]) -> dict[int, CartLine]:
    """Lines of the cart by sku whose goods are shared out, in quantities that can be ordered."""
    wanted = {sku_id for share in shares.values() for sku_id in share}
    rows = cart.lines.filter(sku__in=wanted).select_related("sku__product__unit")
    lines = {line.sku_id: line for line in rows}
    if len(lines) < len(wanted):
        raise Sku.DoesNotExist
    for share in shares.values():
        for sku_id, quantity in share.items():
            check_quantity(quantity, lines[sku_id].sku.product)
    return lines


def _saved_carts(actor: Actor, cart: Cart, to: Sequence[Destination], at: datetime) -> list[Cart]:
    """The carts, not yet written; three queries whatever the destinations."""
    contracts = Contract.objects.visible_to(actor).select_related("legal_entity")
    by_id = contracts.in_bulk({where.contract_id for where in to})
    cities = City.objects.filter(is_active=True).in_bulk({where.city_id for where in to})
    points = {where.delivery_address_id for where in to} - {None}
    addresses = DeliveryAddress.objects.filter(is_active=True).in_bulk(points)
    made = []
    for where in to:
        contract, city = by_id.get(where.contract_id), cities.get(where.city_id)
        if contract is None or contract.legal_entity_id != where.legal_entity_id:
            raise Contract.DoesNotExist
        if not contract.is_open_on(moscow_date(at)):
            raise ContractClosed
        if city is None:
            raise City.DoesNotExist
        address = addresses.get(where.delivery_address_id or 0)
        _check_address(address, where)
        made.append(
            Cart(
                user_id=cast(int, actor.user_id),  # a permission has a person
                legal_entity_id=where.legal_entity_id,
                contract=contract,
                city=city,
                delivery_address=address,
                name=_name(cart, address.address if address else contract.legal_entity.name),
                is_current=False,
                drafted_by_id=actor.drafts_as_id,
                created_at=at,
                updated_at=at,
            )
        )
    return made


def _check_address(address: DeliveryAddress | None, where: Destination) -> None:
    if where.delivery_address_id is None:
        return
    if address is None or (address.legal_entity_id, address.city_id) != (
        where.legal_entity_id,
        where.city_id,
    ):
        raise DeliveryAddress.DoesNotExist


def _name(cart: Cart, place: str) -> str:
    """The place is cut rather than the cart's own name."""
    return f"{cart.name}: {place}"[:_NAME_LENGTH]
