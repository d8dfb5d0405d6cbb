"""What the invented clients gather: orders of the past weeks, saved carts, the least sum of an order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.models import Sku
from integrations.demo.buyers import Buyer, buyer_of, goods_sold, least_quantity, order_past
from orders.models import CartLine, CartSharing, OrderMinimum
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import cart_create, cart_share
from portal.lib.dates import moscow_date

BUYER: Final = "zaytsev@sever.example"
MINIMUM: Final = Decimal(3000)
RHYTHM: Final = timedelta(days=12)
_TIMES, _PACKS, _GOODS = 4, 20, 6
_SAVED: Final = (
    ("Ежемесячный набор", slice(0, 6), CartSharing.VIEW),
    ("Склад на Лесной", slice(6, 10), CartSharing.OWN),
)


@transaction.atomic
def gathering_fill() -> None:
    """Orders in a rhythm whose next day has come, and carts put aside; nothing where somebody was before."""
    if OrderMinimum.objects.exists() or CartLine.objects.exists():
        return
    now = timezone.now()
    buyer = buyer_of(BUYER, now)
    goods = goods_sold(buyer, on=moscow_date(now), times=_PACKS * (_TIMES + 2))
    for times in range(_TIMES, 0, -1):
        order_past(buyer, _quantities(goods[:_GOODS]), at=now - times * RHYTHM)
    OrderMinimum.objects.create(amount=MINIMUM)
    for name, chosen, sharing in _SAVED:
        _save(buyer, name, goods[chosen], sharing, now)


def _save(buyer: Buyer, name: str, goods: Sequence[Sku], sharing: CartSharing, now: datetime) -> None:
    saved = cart_create(
        actor=buyer.actor,
        legal_entity_id=buyer.contract.legal_entity_id,
        contract_id=buyer.contract.pk,
        city_id=buyer.city.pk,
        name=name,
        at=now,
    )
    wishes = [Wish(sku_id, quantity) for sku_id, quantity in _quantities(goods).items()]
    lines_add(saved, wishes, at=now)
    cart_share(actor=buyer.actor, cart_id=saved.pk, sharing=sharing, at=now)


def _quantities(goods: Sequence[Sku]) -> dict[int, Decimal]:
    return {sku.pk: least_quantity(sku) * _PACKS for sku in goods}
