"""What the manager of the invented company finds in the morning: a cart left alone, a note, a plan."""

from datetime import timedelta
from decimal import Decimal
from typing import Final, cast
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from counterparties.models import SalesPlan
from counterparties.services.morning import client_note_add
from integrations.demo.buyers import buyer_of, demo_actor, goods_sold, least_quantity
from integrations.demo.papers import MANAGER
from orders.services import cart_fill
from orders.services.rhythms import rhythms_count
from portal.lib.dates import moscow_date

BUYER: Final = "zhdanov@stolica.example"
PLAN: Final = Decimal(300_000)
NOTE: Final = "Закупками занимается Жданов, звонить после 11. Просит предупреждать о повышении цен за неделю."
_IDLE, _GOODS, _PACKS = timedelta(days=4), 5, 20


@transaction.atomic
def morning_fill() -> None:
    """Nothing where a plan was set before."""
    if SalesPlan.objects.exists():
        return
    now = timezone.now()
    manager, buyer = demo_actor(MANAGER, now), buyer_of(BUYER, now)
    SalesPlan.objects.create(
        employee_id=cast(int, manager.user_id), month=moscow_date(now).replace(day=1), amount=PLAN
    )
    client_note_add(
        actor=manager, holding_id=buyer.contract.legal_entity.holding_id, text=NOTE, key=uuid4(), at=now
    )
    goods = goods_sold(buyer, on=moscow_date(now), times=_PACKS)[:_GOODS]
    if goods:
        cart_fill(
            actor=buyer.actor,
            legal_entity_id=buyer.contract.legal_entity_id,
            contract_id=buyer.contract.pk,
            city_id=buyer.city.pk,
            quantities={sku.pk: least_quantity(sku) * _PACKS for sku in goods},
            at=now - _IDLE,
        )
    rhythms_count(at=now)
