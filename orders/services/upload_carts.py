"""Ready rows of an upload go into a cart, once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.models import City
from counterparties.actor import Actor
from orders.models import Cart, RowState, Upload, UploadRow, UploadState
from orders.refusals import UploadChanged, UploadEmpty, UploadNotReady
from orders.services.cart import cart_locked, cart_touch
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import cart_insert, carts_locked, contract_open, gathering_begin
from orders.services.uploads import upload_locked


@dataclass(frozen=True, slots=True)
class UploadPut:
    """The cart that rows went to, how many goods it got, which were left out and why."""

    cart: Cart
    added: int
    left_out: tuple[str, ...]


@transaction.atomic
def upload_put(
    *,
    actor: Actor,
    upload_uid: str,
    seen_round: int,
    cart_id: int | None,
    is_replacing: bool,
    at: datetime,
) -> UploadPut:
    """Put ready rows into a cart of the upload's contract and city, the current one where none is named.

    With `is_replacing` the cart then holds them alone. Sent twice it puts once: the upload has gone on to
    the next round. Raises AccessDenied, Upload.DoesNotExist, Cart.DoesNotExist, Contract.DoesNotExist,
    City.DoesNotExist, ContractClosed, UploadChanged, UploadNotReady, UploadEmpty.
    """
    gathering_begin(actor)
    upload = _ready(actor, upload_uid, seen_round)
    wishes = _wishes(upload)
    cart = _cart(actor, upload, cart_id, at)
    if is_replacing:
        cart.lines.exclude(sku__in=[wish.sku_id for wish in wishes]).delete()
    left_out = lines_add(cart, wishes, at=at, is_replacing=is_replacing)
    cart_touch(cart, at)
    _gone(upload, at)
    return UploadPut(cart, len(wishes) - len(left_out), tuple(left_out.values()))


@transaction.atomic
def upload_save(*, actor: Actor, upload_uid: str, seen_round: int, name: str, at: datetime) -> UploadPut:
    """Keep ready rows as a saved cart with a name, once.

    Raises AccessDenied, Upload.DoesNotExist, Contract.DoesNotExist, City.DoesNotExist, ContractClosed,
    UploadChanged, UploadNotReady, UploadEmpty.
    """
    gathering_begin(actor)
    upload = _ready(actor, upload_uid, seen_round)
    wishes = _wishes(upload)
    contract = contract_open(
        actor, legal_entity_id=upload.legal_entity_id, contract_id=upload.contract_id, at=at
    )
    city = City.objects.get(pk=upload.city_id, is_active=True)
    cart = cart_insert(actor, contract=contract, city=city, name=name, at=at)
    left_out = lines_add(cart, wishes, at=at)
    _gone(upload, at)
    return UploadPut(cart, len(wishes) - len(left_out), tuple(left_out.values()))


def _ready(actor: Actor, upload_uid: str, seen_round: int) -> Upload:
    upload = upload_locked(actor, upload_uid)
    if upload.round != seen_round:
        raise UploadChanged
    if upload.state != UploadState.READY:
        raise UploadNotReady
    return upload


def _wishes(upload: Upload) -> list[Wish]:
    """Quantities by good, in the order in which the file first names them. Raises UploadEmpty."""
    rows = UploadRow.objects.filter(upload=upload, state=RowState.READY, sku__isnull=False)
    quantities: dict[int, Decimal] = {}
    for sku_id, quantity in rows.order_by("position").values_list("sku_id", "quantity"):
        if sku_id is not None and quantity is not None:  # by a constraint of ready rows
            quantities[sku_id] = quantities.get(sku_id, Decimal(0)) + quantity
    if not quantities:
        raise UploadEmpty
    return [Wish(sku_id, quantity) for sku_id, quantity in quantities.items()]


def _cart(actor: Actor, upload: Upload, cart_id: int | None, at: datetime) -> Cart:
    """The named cart where it is of the upload's place, else the current one; locked."""
    if cart_id is None:
        return cart_locked(
            actor,
            legal_entity_id=upload.legal_entity_id,
            contract_id=upload.contract_id,
            city_id=upload.city_id,
            at=at,
        )
    contract_open(actor, legal_entity_id=upload.legal_entity_id, contract_id=upload.contract_id, at=at)
    [cart] = carts_locked(actor, [cart_id])
    if (cart.contract_id, cart.city_id, cart.drafted_by_id) != (
        upload.contract_id,
        upload.city_id,
        upload.drafted_by_id,
    ):
        raise Cart.DoesNotExist
    return cart


def _gone(upload: Upload, at: datetime) -> None:
    """Whoever still has the page of before may put nothing more."""
    upload.put_at, upload.round = at, upload.round + 1
    upload.save(update_fields=["put_at", "round"])
