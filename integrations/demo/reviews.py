"""Orders and reviews of the invented clients: bought, written and read as people do it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from catalog.models import City, Product, Sku
from catalog.selectors import availability, available_total
from counterparties.actor import Actor
from counterparties.models import Contract, Holding
from counterparties.selectors import actor_for
from integrations.demo import fiction
from integrations.demo.company import contract_of
from integrations.demo.fiction.reviews import REVIEWS, ReviewData
from orders.models import Cart, Review
from orders.selectors.cart import cart_view, carts_whole
from orders.services import cart_add, order_submit
from orders.services.reviews import review_reply, review_write, reviews_publish, reviews_reject
from portal.lib.dates import moscow_date
from pricing.selectors import quotes, terms_for

_BETWEEN = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class _Author:
    """A client's person with the contract and the city he orders by; `bought` by kind."""

    actor: Actor
    contract: Contract
    city: City
    bought: dict[str, Product] = field(default_factory=dict)


@transaction.atomic
def reviews_fill() -> None:
    """An order of each author and reviews in all states; nothing where somebody has written already."""
    if Review.objects.exists():
        return
    now = timezone.now()
    administrator = next(person for person in fiction.STAFF if person.is_administrator)
    reader = _actor(administrator.email, now)
    moment = now - len(REVIEWS) * _BETWEEN
    for email, written in groupby(REVIEWS, key=lambda data: data.author):
        author = _author(email, now)
        told = list(written)
        _buy(author, [data.goods for data in told], now)
        for data in told:
            moment += _BETWEEN
            if data.goods in author.bought:
                _review(data, author, reader, moment)


def _actor(email: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(email=email), on=moscow_date(now))


def _author(email: str, now: datetime) -> _Author:
    person = next(person for person in fiction.PEOPLE if person.email == email)
    holding = next(holding for holding in fiction.HOLDINGS if holding.key == person.holding)
    own = person.entities or tuple(entity.key for entity in holding.entities)
    contract = next(data for data in fiction.CONTRACTS if data.entity in own and data.is_default)
    city = Holding.objects.get(name=holding.name).home_city
    return _Author(_actor(email, now), contract_of(contract), city)


def _buy(author: _Author, kinds: list[str], now: datetime) -> None:
    """Order the first good of each kind that the city has and sells at a price, for pickup."""
    chosen = dict(_chosen(author, kinds, now))
    if not chosen:
        return
    for sku in chosen.values():
        line = cart_add(
            actor=author.actor,
            legal_entity_id=author.contract.legal_entity_id,
            contract_id=author.contract.pk,
            city_id=author.city.pk,
            sku_id=sku.pk,
            quantity=_quantity(sku),
            at=now,
        )
    cart = carts_whole(Cart.objects.owned_by(author.actor)).get(pk=line.cart_id)
    order_submit(
        actor=author.actor,
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=moscow_date(now)).total.gross,
        at=now,
    )
    author.bought.update({kind: sku.product for kind, sku in chosen.items()})


def _chosen(author: _Author, kinds: list[str], now: datetime) -> Iterator[tuple[str, Sku]]:
    skus = list(
        Sku.objects.on_sale()
        .filter(product__kind__in=kinds)
        .select_related("product")
        .order_by(F("popularity__score").desc(nulls_last=True), "pk")
    )
    ids = [sku.pk for sku in skus]
    stocks = availability(sku_ids=ids, city=author.city)
    terms = terms_for(contract=author.contract, city=author.city, on=moscow_date(now))
    priced = quotes(sku_ids=ids, terms=terms)
    for kind in dict.fromkeys(kinds):
        for sku in skus:
            is_there = available_total(stocks.get(sku.pk, [])) >= _quantity(sku)
            if sku.product.kind == kind and is_there and priced.get(sku.pk):
                yield kind, sku
                break


def _quantity(sku: Sku) -> Decimal:
    return sku.product.order_multiple or Decimal(1)


def _review(data: ReviewData, author: _Author, reader: Actor, at: datetime) -> None:
    review = review_write(
        actor=author.actor,
        product_id=author.bought[data.goods].pk,
        rating=data.rating,
        text=data.text,
        pros=data.pros,
        cons=data.cons,
        at=at,
    )
    if data.reason:
        reviews_reject(review_ids=[review.pk], actor=reader, reason=data.reason)
    elif data.is_read:
        reviews_publish(review_ids=[review.pk], actor=reader, at=at)
    if data.reply:
        review_reply(review_id=review.pk, actor=reader, reply=data.reply)
