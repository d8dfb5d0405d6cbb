"""Confirmed orders for the tests of documents, made past the services of `orders`."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from counterparties.models import Contract
from orders.models import Order, OrderLine, OrderPart
from orders.states import OrderState
from portal.lib.money import Amount, line_amount
from tests.factories import AT, World
from tests.numbers import numbers

# price and quantity of the world's three goods: 22 %, 22 %, 10 %
GOLDEN = (("98.37", "1000"), ("211.49", "37"), ("120", "3"))


def make_order(
    world: World,
    lines: Sequence[tuple[str, str]] = GOLDEN,
    *,
    contract: Contract | None = None,
    created_by: User | None = None,
    state: str = OrderState.CONFIRMED,
) -> Order:
    """An order of the world's goods; one part per VAT rate, as checkout makes them."""
    contract = contract or world.contract
    number = f"{numbers.next():08d}"
    amounts = [
        line_amount(Decimal(price), Decimal(quantity), sku.product.vat_percent, price_includes_vat=True)
        for (price, quantity), sku in zip(lines, world.skus, strict=False)
    ]
    total = sum(amounts, Amount.zero())
    order = Order.objects.create(
        number=number,
        idempotency_key=uuid4(),
        holding=contract.legal_entity.holding,
        legal_entity=contract.legal_entity,
        contract=contract,
        organization=contract.organization,
        city=world.city,
        delivery_text="Самовывоз",
        state=state,
        total=total.gross,
        vat_total=total.vat,
        created_by=created_by or world.buyer,
        submitted_at=AT,
        confirmed_at=AT if state == OrderState.CONFIRMED else None,
    )
    for place, ((price, quantity), sku, amount) in enumerate(
        zip(lines, world.skus, amounts, strict=False), start=1
    ):
        rate = sku.product.vat_percent
        part, _is_new = OrderPart.objects.get_or_create(
            order=order,
            warehouse=world.main_warehouse,
            vat_percent=rate,
            defaults={"number": f"{number}-{rate:.0f}", "total": amount.gross},
        )
        OrderLine.objects.create(
            part=part,
            position=place,
            sku=sku,
            name=sku.product.name,
            article=sku.article,
            unit_name=sku.product.unit.name,
            quantity=Decimal(quantity),
            price=Decimal(price),
            vat_percent=rate,
            net=amount.net,
            vat=amount.vat,
            gross=amount.gross,
        )
    return order
