"""Little worlds for tests of merging, and what must not change in them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.db.models import Sum

from counterparties.models import (
    Contract,
    DeliveryAddress,
    LegalEntity,
    LegalEntityBankAccount,
    Membership,
)
from documents.models import Document
from finance.models import Payment
from integrations.models import ExchangeNode, ExternalId, ExternalKind
from orders.models import Cart, CartLine, Order, OrderLine
from orders.selectors import cart_view
from orders.services.submission import order_submit
from tests.factories import AT, TODAY, actor_of


@dataclass(frozen=True)
class Totals:
    """What a merge must leave as it was."""

    carts: int
    quantities: Decimal
    orders: int
    ordered: Decimal
    lines: int
    contracts: int
    addresses: int
    accounts: int
    documents: tuple[tuple[int, str], ...]
    payments: Decimal
    external_ids: int
    people: int


def totals() -> Totals:
    """People are counted as persons: a person in both holdings is one."""
    zero = Decimal(0)
    return Totals(
        carts=Cart.objects.count(),
        quantities=CartLine.objects.aggregate(sum=Sum("quantity"))["sum"] or zero,
        orders=Order.objects.count(),
        ordered=Order.objects.aggregate(sum=Sum("total"))["sum"] or zero,
        lines=OrderLine.objects.count(),
        contracts=Contract.objects.count(),
        addresses=DeliveryAddress.objects.count(),
        accounts=LegalEntityBankAccount.objects.count(),
        documents=tuple(Document.objects.order_by("pk").values_list("legal_entity_id", "payload_sha256")),
        payments=Payment.objects.aggregate(sum=Sum("amount"))["sum"] or zero,
        external_ids=ExternalId.objects.count(),
        people=Membership.objects.filter(is_active=True).values("user").distinct().count(),
    )


def send(cart: Cart) -> Order:
    """The cart goes to work as its own person sends it."""
    return order_submit(
        actor=actor_of(cart.user),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )


def make_account(entity: LegalEntity, account: str = "40702810138250123017") -> LegalEntityBankAccount:
    return LegalEntityBankAccount.objects.create(
        legal_entity=entity, bank_name="ПАО СБЕРБАНК", bic="044525225", account=account, is_default=True
    )


def known_in_1c(entity: LegalEntity, guid: str) -> ExternalId:
    node = ExchangeNode.objects.first() or ExchangeNode.objects.create(code="ut", name="УТ", username="ut")
    return ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=guid, object_id=entity.pk
    )


def strays() -> list[str]:
    """Rows that name a party which orders no more, or a party and a holding that do not belong together."""
    found = []
    for order in Order.objects.select_related("legal_entity", "contract"):
        if order.legal_entity.merged_into_id or order.holding_id != order.legal_entity.holding_id:
            found.append(f"order {order.pk}")
        if order.contract.legal_entity_id != order.legal_entity_id:
            found.append(f"contract of order {order.pk}")
    carts = Cart.objects.select_related("legal_entity", "contract")
    found += [
        f"cart {cart.pk}"
        for cart in carts
        if cart.legal_entity.merged_into_id or cart.contract.legal_entity_id != cart.legal_entity_id
    ]
    return found
