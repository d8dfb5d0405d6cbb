"""Reviews: written by those who bought, shown once somebody of the seller has read them."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db import transaction
from django.db.models.functions import Coalesce

from accounts.models import User
from catalog.models import Product
from counterparties.actor import AccessDenied, Actor
from orders.models import Review
from orders.refusals import NotBought, ReasonMissing, ReviewWritten
from orders.selectors.reviews import purchase_of, writes_reviews
from orders.states import ReviewState, review_states_before


@transaction.atomic
def review_write(
    *, actor: Actor, product_id: int, rating: int, text: str, pros: str, cons: str, at: datetime
) -> Review:
    """Write a review, or a rejected one anew; it waits to be read by the seller.

    Raises AccessDenied (no client's person himself), Product.DoesNotExist, NotBought, ReviewWritten.
    """
    if not writes_reviews(actor):
        raise AccessDenied("Отзыв пишет сам сотрудник клиента")
    user = User.objects.select_for_update(no_key=True).get(pk=cast(int, actor.user_id))
    product = Product.objects.get(pk=product_id)
    purchase = purchase_of(actor=actor, product_id=product_id)
    if purchase is None:
        raise NotBought
    review = Review.objects.select_for_update(of=("self",)).filter(product=product, author=user).first()
    if review is None:
        review = Review(product=product, author=user)
    elif review.state not in review_states_before(ReviewState.PENDING):
        raise ReviewWritten
    review.order, review.rating, review.created_at = purchase, rating, at
    review.text, review.pros, review.cons = text, pros, cons
    review.state, review.reason, review.published_at = ReviewState.PENDING, "", None
    review.save()
    return review


@transaction.atomic
def reviews_publish(*, review_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """Show reviews to everybody; return how many: those that are shown already stay as they are.

    Two statements. Raises AccessDenied.
    """
    chosen = _locked(review_ids, actor, ReviewState.PUBLISHED)
    return Review.objects.filter(pk__in=chosen).update(
        state=ReviewState.PUBLISHED, reason="", published_at=Coalesce("published_at", at)
    )


@transaction.atomic
def reviews_reject(*, review_ids: Collection[int], actor: Actor, reason: str) -> int:
    """Show reviews no more or never; return how many: those rejected before keep their reason.

    Two statements. Raises AccessDenied, ReasonMissing.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    chosen = _locked(review_ids, actor, ReviewState.REJECTED)
    return Review.objects.filter(pk__in=chosen).update(
        state=ReviewState.REJECTED, reason=reason, published_at=None
    )


@transaction.atomic
def review_reply(*, review_id: int, actor: Actor, reply: str) -> Review:
    """Answer a review, or take the answer back with an empty one.

    Raises AccessDenied, Review.DoesNotExist.
    """
    _moderates(actor)
    review = Review.objects.select_for_update(of=("self",)).get(pk=review_id)
    review.reply = reply.strip()
    review.save(update_fields=["reply"])
    return review


def _locked(review_ids: Collection[int], actor: Actor, target: ReviewState) -> list[int]:
    """Those of the reviews that may move to the state, locked."""
    _moderates(actor)
    rows = Review.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=review_ids)
    return list(
        rows.filter(state__in=review_states_before(target)).order_by("pk").values_list("pk", flat=True)
    )


def _moderates(actor: Actor) -> None:
    if not actor.is_administrator:
        raise AccessDenied("Отзывы проверяет администратор")
