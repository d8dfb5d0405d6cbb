"""Typing quantities beside goods and putting all of them into the cart. The sheet is locked first."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from catalog.models import City, Sku
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from orders.models import Pick, PickSheet
from orders.quantities import check_quantity
from orders.refusals import PicksEmpty, PicksTooMany, PicksWentAlready, SkuNotOnSale, WrongQuantity
from orders.services.cart import Repeated, cart_fill

MOST_PICKS = 2_000


@transaction.atomic
def picks_set(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    seen_round: int,
    quantities: Mapping[int, Decimal],
    at: datetime,
) -> dict[int, str]:
    """Write typed quantities (sku -> base units; nought takes a pick away) over what the sheet holds.

    Idempotent. Return why some were not written, by sku; those keep what they had. `seen_round` is the one
    that the page showed. Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist,
    PicksWentAlready, PicksTooMany.
    """
    actor.require(Permission.ORDER_CREATE)
    sheet = _locked(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at)
    if sheet.round != seen_round:
        raise PicksWentAlready
    wrong = _wrong(quantities)
    gone = [sku_id for sku_id, quantity in quantities.items() if not quantity]
    Pick.objects.filter(sheet=sheet, sku__in=gone).delete()
    Pick.objects.bulk_create(
        [
            Pick(sheet=sheet, sku_id=sku_id, quantity=quantity)
            for sku_id, quantity in sorted(quantities.items())
            if quantity and sku_id not in wrong
        ],
        update_conflicts=True,
        unique_fields=["sheet", "sku"],
        update_fields=["quantity"],
    )
    if Pick.objects.filter(sheet=sheet).count() > MOST_PICKS:
        raise PicksTooMany(MOST_PICKS)
    _touch(sheet, at)
    return wrong


@transaction.atomic
def picks_to_cart(
    *, actor: Actor, legal_entity_id: int, contract_id: int, city_id: int, seen_round: int, at: datetime
) -> Repeated:
    """Add all picks to the current cart, on top of what it holds, and empty the sheet.

    Sent twice it adds once: the sheet has gone on to the next round. Raises AccessDenied,
    Contract.DoesNotExist, City.DoesNotExist, ContractClosed, PicksWentAlready, PicksEmpty.
    """
    actor.require(Permission.ORDER_CREATE)
    sheet = _locked(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at)
    if sheet.round != seen_round:
        raise PicksWentAlready
    picks = Pick.objects.filter(sheet=sheet)
    quantities = dict(picks.order_by("pk").values_list("sku_id", "quantity"))
    if not quantities:
        raise PicksEmpty
    filled = cart_fill(
        actor=actor,
        legal_entity_id=legal_entity_id,
        contract_id=contract_id,
        city_id=city_id,
        quantities=quantities,
        at=at,
    )
    picks.delete()
    sheet.round += 1
    _touch(sheet, at)
    return filled


@transaction.atomic
def picks_clear(*, actor: Actor, legal_entity_id: int, contract_id: int, city_id: int, at: datetime) -> None:
    """Take all picks away; pages that show them may write no more.

    Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist.
    """
    actor.require(Permission.ORDER_CREATE)
    sheet = _locked(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, city_id=city_id, at=at)
    sheet.picks.all().delete()
    sheet.round += 1
    _touch(sheet, at)


def _wrong(quantities: Mapping[int, Decimal]) -> dict[int, str]:
    """Why a good cannot be ordered in this quantity, by sku; an unknown sku is passed over as not sold."""
    wanted = {sku_id: quantity for sku_id, quantity in quantities.items() if quantity}
    skus = Sku.objects.select_related("product__unit").in_bulk(list(wanted))
    wrong: dict[int, str] = {}
    for sku_id, quantity in wanted.items():
        sku = skus.get(sku_id)
        if sku is None or sku.is_hidden or sku.product.is_hidden:
            wrong[sku_id] = str(SkuNotOnSale([sku.name if sku else str(sku_id)]))
            continue
        try:
            check_quantity(quantity, sku.product)
        except WrongQuantity as refusal:
            wrong[sku_id] = f"{sku.name}: {refusal}"
    return wrong


def _locked(actor: Actor, *, legal_entity_id: int, contract_id: int, city_id: int, at: datetime) -> PickSheet:
    """Find or make the sheet and lock it; two first clicks at once meet in one sheet."""
    parties_hold()
    contract = Contract.objects.visible_to(actor).get(pk=contract_id, legal_entity_id=legal_entity_id)
    sheet, _made = PickSheet.objects.get_or_create(
        user_id=cast(int, actor.user_id),  # a permission has a person
        legal_entity_id=legal_entity_id,
        contract=contract,
        city=City.objects.get(pk=city_id, is_active=True),
        drafted_by_id=actor.drafts_as_id,
        defaults={"updated_at": at},
    )
    return PickSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)


def _touch(sheet: PickSheet, at: datetime) -> None:
    sheet.updated_at = at
    sheet.save(update_fields=["round", "updated_at"])
