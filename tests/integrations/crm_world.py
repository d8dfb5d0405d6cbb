"""Accounts of stand-in CRM systems, and orders to tell them of."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.utils import timezone

from integrations.crm.mapping import EXAMPLES
from integrations.crm.secrets import secrets_sealed
from integrations.models import CrmAccount, CrmKind
from orders.models import Order
from orders.selectors import cart_view
from orders.services import order_submit
from tests.factories import AT, TODAY, World, actor_of, make_cart
from tests.standins.bitrix24 import WEBHOOK

APPLICATION = "application-token-of-tests"


def make_account(
    kind: CrmKind, address: str, *, secrets: Mapping[str, str] | None = None, **values: Any
) -> CrmAccount:
    """A CRM that is switched on, with the example's mapping."""
    usual = (
        {"webhook": WEBHOOK, "application_token": APPLICATION}
        if kind == CrmKind.BITRIX24
        else {"access": "access-1", "refresh": "refresh-1", "client_id": "id", "client_secret": "secret"}
    )
    return CrmAccount.objects.create(
        kind=kind,
        name=str(kind.label),
        address=address,
        sealed_secrets=secrets_sealed(usual if secrets is None else secrets),
        mapping=dict(EXAMPLES[kind]),
        created_at=timezone.now(),
        **values,
    )


def make_sent_order(world: World) -> Order:
    """An order that the buyer has just sent: two bolts and a book."""
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2, world.skus[2]: 1})
    return order_submit(
        cart_id=cart.pk,
        actor=actor_of(world.buyer),
        delivery_address_id=world.address.pk,
        comment="Позвонить",
        client_reference="З-1",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )
