"""Orders and reviews of the invented clients: bought, written and read as people do it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from catalog.models import Product, Sku
from counterparties.actor import Actor
from integrations.demo import fiction
from integrations.demo.buyers import (
    Buyer,
    buyer_of,
    demo_actor,
    goods_sold,
    least_quantity,
    order_past,
)
from integrations.demo.fiction.reviews import REVIEWS, ReviewData
from orders.models import Review
from orders.services.reviews import review_reply, review_write, reviews_publish, reviews_reject
from portal.lib.dates import moscow_date

_BETWEEN = timedelta(minutes=7)


@transaction.atomic
def reviews_fill() -> None:
    """An order of each author and reviews in all states; nothing where somebody has written already."""
    if Review.objects.exists():
        return
    now = timezone.now()
    administrator = next(person for person in fiction.STAFF if person.is_administrator)
    reader = demo_actor(administrator.email, now)
    moment = now - len(REVIEWS) * _BETWEEN
    for email, written in groupby(REVIEWS, key=lambda data: data.author):
        author = buyer_of(email, now)
        told = list(written)
        bought = _buy(author, [data.goods for data in told], now)
        for data in told:
            moment += _BETWEEN
            if data.goods in bought:
                _review(data, bought[data.goods], author, reader, moment)


def _buy(buyer: Buyer, kinds: Sequence[str], now: datetime) -> dict[str, Product]:
    """Order the first good of each kind that the city has and sells at a price, for pickup; what by kind."""
    chosen: dict[str, Sku] = {}
    for sku in goods_sold(buyer, kinds, on=moscow_date(now)):
        chosen.setdefault(sku.product.kind, sku)
    order_past(buyer, {sku.pk: least_quantity(sku) for sku in chosen.values()}, at=now)
    return {kind: sku.product for kind, sku in chosen.items()}


def _review(data: ReviewData, product: Product, author: Buyer, reader: Actor, at: datetime) -> None:
    review = review_write(
        actor=author.actor,
        product_id=product.pk,
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
