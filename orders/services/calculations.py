"""Reckonings kept under a name, shared, and put into carts. Locks: gate of merges, then the cart."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import LegalEntity
from orders.calculation_refusals import CalculationEmpty, CalculationsTooMany, CalculationWentAlready
from orders.models import Calculation, CalculationLine, CalculationPut, CalculationSharing
from orders.services.cart import Repeated, cart_locked, cart_touch
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import carts_locked, gathering_begin

MOST_KEPT = 200
_KEYS_KEPT = timedelta(days=7)
_LONGEST_COMMENT = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """A good of a reckoning in base units; `label` is what it is for."""

    label: str
    sku_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class CartPlace:
    """Where goods go: a saved cart by its number, else the current one of a contract in a city."""

    legal_entity_id: int
    contract_id: int
    city_id: int
    cart_id: int | None = None


@transaction.atomic
def calculation_keep(
    *,
    actor: Actor,
    legal_entity_id: int,
    calculator_id: int,
    name: str,
    answers: Mapping[str, str],
    facts: Sequence[tuple[str, str]],
    goods: Sequence[Wanted],
    at: datetime,
) -> Calculation:
    """Keep a reckoning as the actor's own. The same name once more writes over the earlier one.

    Raises AccessDenied, LegalEntity.DoesNotExist, CalculationEmpty, CalculationsTooMany.
    """
    _writable(actor)
    if not goods:
        raise CalculationEmpty
    # The person's rows of this firm wait for each other here: two tabs do not keep one name twice.
    entities = LegalEntity.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    entity = entities.get(pk=legal_entity_id)
    own = Calculation.objects.owned_by(actor)
    kept = own.filter(legal_entity=entity, calculator_id=calculator_id, name=name).order_by("pk").first()
    if kept is None:
        if own.count() >= MOST_KEPT:
            raise CalculationsTooMany(MOST_KEPT)
        kept = Calculation(
            user_id=cast(int, actor.user_id),
            legal_entity=entity,
            calculator_id=calculator_id,
            name=name,
            created_at=at,
        )
    kept.answers, kept.facts, kept.updated_at = dict(answers), [list(fact) for fact in facts], at
    kept.save()
    kept.lines.all().delete()
    _lines_write(kept, goods)
    return kept


@transaction.atomic
def calculation_copy(*, actor: Actor, token: uuid.UUID, legal_entity_id: int, at: datetime) -> Calculation:
    """Keep a reckoning that somebody has given a link to as one's own; the link stays where it was.

    Raises AccessDenied, Calculation.DoesNotExist, LegalEntity.DoesNotExist, CalculationEmpty,
    CalculationsTooMany.
    """
    source = Calculation.objects.get(token=token)
    lines = source.lines.order_by("position")
    return calculation_keep(
        actor=actor,
        legal_entity_id=legal_entity_id,
        calculator_id=source.calculator_id,
        name=source.name,
        answers=source.answers,
        facts=[(label, text) for label, text in source.facts],
        goods=[Wanted(line.label, line.sku_id, line.quantity) for line in lines],
        at=at,
    )


@transaction.atomic
def calculation_share(
    *, actor: Actor, calculation_id: int, sharing: CalculationSharing, is_linked: bool, at: datetime
) -> Calculation:
    """Show one's own reckoning to colleagues, or no longer; give it a link, or take the link away.

    A link that is taken away never works again. Raises AccessDenied, Calculation.DoesNotExist.
    """
    _writable(actor)
    kept = _own_locked(actor, calculation_id)
    kept.sharing, kept.updated_at = sharing, at
    if not is_linked:
        kept.token = None
    elif kept.token is None:
        kept.token = uuid.uuid4()
    kept.save(update_fields=["sharing", "token", "updated_at"])
    return kept


@transaction.atomic
def calculation_remove(*, actor: Actor, calculation_id: int) -> None:
    """Forget one's own. Raises AccessDenied, Calculation.DoesNotExist."""
    _writable(actor)
    _own_locked(actor, calculation_id).delete()


@transaction.atomic
def calculation_to_cart(
    *,
    actor: Actor,
    place: CartPlace,
    goods: Sequence[Wanted],
    title: str,
    key: uuid.UUID,
    at: datetime,
) -> Repeated:
    """Put goods on top of what a cart holds, each with the reckoning's title as its comment.

    Once for each `key`, which a page carries: a second click adds nothing. Raises AccessDenied,
    CalculationEmpty, CalculationWentAlready, Cart.DoesNotExist, Contract.DoesNotExist, City.DoesNotExist,
    Sku.DoesNotExist, ContractClosed.
    """
    actor.require(Permission.ORDER_CREATE)
    gathering_begin(actor)
    if not goods:
        raise CalculationEmpty
    _pressed_once(actor, key, at)
    if place.cart_id is None:
        cart = cart_locked(
            actor,
            legal_entity_id=place.legal_entity_id,
            contract_id=place.contract_id,
            city_id=place.city_id,
            at=at,
        )
    else:
        (cart,) = carts_locked(actor, [place.cart_id])
    wishes = _wishes(goods, title)
    left_out = lines_add(cart, wishes, at=at)
    cart_touch(cart, at)
    return Repeated(cart=cart, added=len(wishes) - len(left_out), left_out=tuple(left_out.values()))


def _pressed_once(actor: Actor, key: uuid.UUID, at: datetime) -> None:
    user_id = cast(int, actor.user_id)  # a permission has a person
    presses = CalculationPut.objects.filter(user_id=user_id)
    presses.filter(put_at__lt=at - _KEYS_KEPT).delete()
    _press, is_first = CalculationPut.objects.get_or_create(user_id=user_id, key=key, defaults={"put_at": at})
    if not is_first:
        raise CalculationWentAlready


def _wishes(goods: Sequence[Wanted], title: str) -> list[Wish]:
    """Every good once, its quantities together."""
    totals: dict[int, Decimal] = {}
    for one in goods:
        totals[one.sku_id] = totals.get(one.sku_id, Decimal(0)) + one.quantity
    comment = title[:_LONGEST_COMMENT]
    return [Wish(sku_id, quantity, comment=comment) for sku_id, quantity in totals.items()]


def _lines_write(kept: Calculation, goods: Sequence[Wanted]) -> None:
    CalculationLine.objects.bulk_create(
        CalculationLine(
            calculation=kept,
            position=position,
            label=one.label[:160],
            sku_id=one.sku_id,
            quantity=one.quantity,
        )
        for position, one in enumerate(goods)
    )


def _own_locked(actor: Actor, calculation_id: int) -> Calculation:
    return Calculation.objects.owned_by(actor).select_for_update(of=("self",)).get(pk=calculation_id)


def _writable(actor: Actor) -> None:
    if not actor.is_client or actor.is_read_only:
        raise AccessDenied("Только просмотр")
