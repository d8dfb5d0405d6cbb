"""Orders that were born in 1C: shown to the client, moved by nobody here."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from counterparties.models import Contract, LegalEntity
from orders.erp import ErpBirth
from orders.models import Order, OrderPart
from orders.services.numbers import next_order_number
from orders.services.steps import step_note
from orders.states import OrderOrigin, OrderState, StepSource


@transaction.atomic
def erp_order_create(*, birth: ErpBirth, at: datetime) -> OrderPart:
    """Make an order of 1C with its one part; rows and sums follow with the first `part_erp_note`.

    Nobody is written to, no invoice is made out and nothing goes back to 1C: it is there already.
    The caller has made sure that 1C's document is new here. Raises LegalEntity.DoesNotExist,
    Contract.DoesNotExist (not of the legal entity).
    """
    entity = LegalEntity.objects.select_related("holding").get(pk=birth.legal_entity_id)
    contract = Contract.objects.get(pk=birth.contract_id, legal_entity=entity)
    order = Order.objects.create(
        number=next_order_number(),
        origin=OrderOrigin.ERP,
        erp_number=birth.number,
        idempotency_key=uuid4(),
        holding_id=entity.holding_id,
        legal_entity=entity,
        contract=contract,
        organization_id=contract.organization_id,
        city_id=entity.holding.home_city_id,
        delivery_text=birth.delivery_text,
        comment=birth.comment,
        client_reference=birth.client_reference,
        state=OrderState.CONFIRMED,
        currency=birth.currency,
        total=0,
        vat_total=0,
        submitted_at=birth.made_at,
        confirmed_at=birth.made_at,
    )
    step_note(order, actor=None, at=at, source=StepSource.ERP)
    return OrderPart.objects.create(
        order=order,
        number=f"{order.number}-1",
        warehouse_id=birth.warehouse_id,
        total=0,
        accepted_at=birth.made_at,
    )
