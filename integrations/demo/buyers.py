"""How an invented client's person buys: in whose name, what the city sells him, an order of any day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db.models import F

from accounts.models import User
from catalog.models import City, Sku
from catalog.selectors import availability, available_total
from counterparties.actor import Actor
from counterparties.models import Contract, Holding
from counterparties.selectors import actor_for
from integrations.demo import fiction
from integrations.demo.company import contract_of
from orders.models import Cart
from orders.selectors.cart import cart_view, carts_whole
from orders.services import cart_fill, order_submit
from portal.lib.dates import moscow_date
from pricing.selectors import quotes, terms_for


@dataclass(frozen=True, slots=True)
class Buyer:
    """A client's person with the contract and the city he orders by."""

    actor: Actor
    contract: Contract
    city: City


def demo_actor(email: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(email=email), on=moscow_date(now))


def buyer_of(email: str, now: datetime) -> Buyer:
    """A person of the fiction with the default contract of his first legal entity."""
    person = next(person for person in fiction.PEOPLE if person.email == email)
    holding = next(holding for holding in fiction.HOLDINGS if holding.key == person.holding)
    own = person.entities or tuple(entity.key for entity in holding.entities)
    contract = next(data for data in fiction.CONTRACTS if data.entity in own and data.is_default)
    city = Holding.objects.get(name=holding.name).home_city
    return Buyer(demo_actor(email, now), contract_of(contract), city)


def goods_sold(buyer: Buyer, kinds: Collection[str] = (), *, on: date, times: int = 1) -> list[Sku]:
    """Goods that the city sells him at a price and has the least quantity of so many times, popular first.

    Of the kinds where any are named.
    """
    skus = Sku.objects.on_sale().select_related("product")
    if kinds:
        skus = skus.filter(product__kind__in=kinds)
    rows = list(skus.order_by(F("popularity__score").desc(nulls_last=True), "pk"))
    ids = [sku.pk for sku in rows]
    stocks = availability(sku_ids=ids, city=buyer.city)
    priced = quotes(sku_ids=ids, terms=terms_for(contract=buyer.contract, city=buyer.city, on=on))
    return [
        sku
        for sku in rows
        if priced.get(sku.pk) and available_total(stocks.get(sku.pk, [])) >= least_quantity(sku) * times
    ]


def least_quantity(sku: Sku) -> Decimal:
    return sku.product.order_multiple or Decimal(1)


def order_past(buyer: Buyer, quantities: Mapping[int, Decimal], *, at: datetime) -> None:
    """Order as of a moment, for pickup; nothing for no goods."""
    if not quantities:
        return
    filled = cart_fill(
        actor=buyer.actor,
        legal_entity_id=buyer.contract.legal_entity_id,
        contract_id=buyer.contract.pk,
        city_id=buyer.city.pk,
        quantities=quantities,
        at=at,
    )
    cart = carts_whole(Cart.objects.owned_by(buyer.actor)).get(pk=filled.cart.pk)
    order_submit(
        actor=buyer.actor,
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=moscow_date(at)).total.gross,
        at=at,
    )
