"""Orders of earlier days, as the database keeps them: of the portal and of 1C."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.models import User
from catalog.models import Sku
from counterparties.models import Contract
from orders.models import ErpLine, Order, OrderLine, OrderPart
from orders.states import OrderOrigin
from portal.lib.dates import MOSCOW
from tests.factories import World

Lines = Mapping[Sku, Decimal | int | str]


def bought(
    world: World, on: date, lines: Lines, *, person: User | None = None, price: str = "100", **facts: Any
) -> Order:
    """An order of the portal as the database keeps it, sent at noon."""
    return _order(world, on, lines, price, created_by=person or world.buyer, **facts)


def bought_in_erp(world: World, on: date, lines: Lines, *, price: str = "100", **facts: Any) -> Order:
    """An order that was made out in 1C."""
    return _order(world, on, lines, price, origin=OrderOrigin.ERP, erp_number="УТ-17", **facts)


def _order(world: World, on: date, lines: Lines, price: str, **facts: Any) -> Order:
    contract: Contract = facts.pop("contract", world.contract)
    order = Order.objects.create(
        number=f"B{Order.objects.count() + 1:07d}",
        idempotency_key=uuid4(),
        holding_id=contract.legal_entity.holding_id,
        legal_entity=contract.legal_entity,
        contract=contract,
        organization=world.organization,
        city=world.city,
        total=0,
        vat_total=0,
        submitted_at=facts.pop("at", datetime(on.year, on.month, on.day, 12, tzinfo=MOSCOW)),
        **facts,
    )
    part = OrderPart.objects.create(order=order, number=f"{order.number}-1", total=0)
    for position, (sku, quantity) in enumerate(lines.items(), 1):
        told = {
            "part": part,
            "position": position,
            "sku": sku,
            "name": sku.name,
            "quantity": Decimal(quantity),
        }
        gross = Decimal(price) * Decimal(quantity)
        if order.is_from_erp:
            ErpLine.objects.create(**told, price=Decimal(price), gross=gross)
        else:
            OrderLine.objects.create(
                **told, unit_name="шт", price=Decimal(price), net=gross, vat=0, gross=gross
            )
    return order
