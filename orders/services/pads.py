"""Keeping the quick order pad and putting its rows into the cart. The pad is locked first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from catalog.index.reading import Index
from catalog.models import City
from counterparties.actor import Actor
from counterparties.models import Contract
from orders.models import Pad, RowState
from orders.pad import PadRow, PadWentAlready, pad_stored, pad_trimmed
from orders.recognition.asked import Recognised
from orders.recognition.place import Place
from orders.selectors.pads import pad_recognised
from orders.services.cart import cart_locked, cart_touch
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import gathering_begin


@dataclass(frozen=True, slots=True)
class PadSent:
    """How many rows went to the cart, which stay (empty ones left out), what the cart would not take."""

    added: int
    kept: tuple[PadRow, ...]
    left_out: tuple[str, ...]


@transaction.atomic
def pad_save(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    seen_round: int,
    rows: Sequence[PadRow],
    at: datetime,
) -> None:
    """Write rows over what the pad holds. Idempotent; `seen_round` is the one that the page showed.

    Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist, PadWentAlready, PadTooLong.
    """
    gathering_begin(actor)
    pad = _locked(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at)
    if pad.round != seen_round:
        raise PadWentAlready
    _write(pad, pad_trimmed(rows), at)


@transaction.atomic
def pad_to_cart(
    *,
    actor: Actor,
    legal_entity_id: int,
    place: Place,
    seen_round: int,
    rows: Sequence[PadRow],
    index: Index,
    at: datetime,
) -> PadSent:
    """Put the rows that are fit into the current cart, on top of what it holds; the others stay on the pad.

    Sent twice it adds once: the pad has gone on to the next round. Raises AccessDenied,
    Contract.DoesNotExist, City.DoesNotExist, ContractClosed, PadWentAlready, PadTooLong.
    """
    gathering_begin(actor)
    rows = [row for row in pad_trimmed(rows) if not row.is_empty]
    target = {"legal_entity_id": legal_entity_id, "contract_id": place.contract.pk, "city_id": place.city.pk}
    pad = _locked(actor, **target, at=at)
    if pad.round != seen_round:
        raise PadWentAlready
    found = pad_recognised(rows, place=place, index=index)
    wanted = _wanted(found)
    left_out: dict[int, str] = {}
    if wanted:
        cart = cart_locked(actor, **target, at=at)
        left_out = lines_add(cart, [Wish(pk, quantity) for pk, quantity in wanted.items()], at=at)
        cart_touch(cart, at)
    gone = wanted.keys() - left_out.keys()
    kept = [row for row, one in zip(rows, found, strict=True) if _fit_sku(one) not in gone]
    pad.round += 1 if gone else 0
    _write(pad, kept, at)
    return PadSent(len(rows) - len(kept), tuple(kept), tuple(left_out.values()))


@transaction.atomic
def pad_clear(*, actor: Actor, legal_entity_id: int, contract_id: int, city_id: int, at: datetime) -> None:
    """Take all rows away; pages that show them may write no more.

    Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist.
    """
    gathering_begin(actor)
    pad = _locked(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at)
    pad.round += 1
    _write(pad, [], at)


def _fit_sku(one: Recognised | None) -> int | None:
    return one.sku_id if one is not None and one.state == RowState.READY else None


def _wanted(found: Sequence[Recognised | None]) -> dict[int, Decimal]:
    """Base units by sku of all fit rows together."""
    wanted: dict[int, Decimal] = {}
    for one in found:
        sku_id = _fit_sku(one)
        if one is not None and sku_id is not None and one.quantity:
            wanted[sku_id] = wanted.get(sku_id, Decimal(0)) + one.quantity
    return wanted


def _locked(actor: Actor, *, legal_entity_id: int, contract_id: int, city_id: int, at: datetime) -> Pad:
    """Find or make the pad and lock it; two first tabs at once meet in one pad."""
    contract = Contract.objects.visible_to(actor).get(pk=contract_id, legal_entity_id=legal_entity_id)
    pad, _made = Pad.objects.get_or_create(
        user_id=cast(int, actor.user_id),  # a permission has a person
        legal_entity_id=legal_entity_id,
        contract=contract,
        city=City.objects.get(pk=city_id, is_active=True),
        drafted_by_id=actor.drafts_as_id,
        defaults={"updated_at": at},
    )
    return Pad.objects.select_for_update(of=("self",)).get(pk=pad.pk)


def _write(pad: Pad, rows: Sequence[PadRow], at: datetime) -> None:
    pad.rows, pad.updated_at = pad_stored(rows), at
    pad.save(update_fields=["rows", "round", "updated_at"])
