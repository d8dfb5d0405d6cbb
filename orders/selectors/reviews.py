"""Reviews as pages show them: of an author nothing but his first name is told."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from orders.models import Order, OrderLine, Review
from orders.models.reviews import BEST_RATING
from orders.states import GIVEN_UP, ReviewState
from portal.lib.names import first_name

PAGE_SIZE = 20
MOST_BESIDE_A_PRODUCT = 3
MOST_READ_THROUGH = 300


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One published review; `author` is a first name, or says that it was a buyer."""

    pk: int
    author: str
    rating: int
    text: str
    pros: str
    cons: str
    reply: str
    published_at: datetime

    @property
    def stars(self) -> str:
        """The rating as it is drawn."""
        return "★" * self.rating + "☆" * (BEST_RATING - self.rating)


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """How a product is judged: number of published reviews, mean rating (1-5, one decimal) or None."""

    count: int
    average: Decimal | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Some reviews of a product, the newest first, and how it is judged on the whole."""

    summary: ReviewSummary
    rows: tuple[ReviewRow, ...]
    page: Page[int]


@dataclass(frozen=True, slots=True)
class OwnReview:
    """What a person may do: `review` is his own, whatever its state; he may write where he may."""

    review: Review | None
    may_write: bool


def review_page(*, product_id: int, page: int | str = 1, per_page: int = PAGE_SIZE) -> ReviewPage:
    """Published reviews of a product; two queries, one where there are none."""
    reviews = Review.objects.published().filter(product_id=product_id)
    told = reviews.aggregate(count=Count("pk"), total=Sum("rating"))
    count: int = told["count"]
    place: Page[int] = Paginator(range(count), per_page).get_page(page)
    if not count:
        return ReviewPage(ReviewSummary(0, None), (), place)
    average = (Decimal(told["total"]) / count).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    first = (place.number - 1) * per_page
    newest = reviews.select_related("author").order_by("-published_at", "-pk")[first : first + per_page]
    return ReviewPage(ReviewSummary(count, average), tuple(review_row(review) for review in newest), place)


def product_reviews(product_id: int) -> list[ReviewRow]:
    """Published reviews of a product, the newest first and no more than are read through; one query."""
    reviews = Review.objects.published().filter(product_id=product_id).select_related("author")
    return [review_row(review) for review in reviews.order_by("-published_at", "-pk")[:MOST_READ_THROUGH]]


def own_review(*, actor: Actor, product_id: int) -> OwnReview:
    """The person's own review and whether he may write one now; two queries at most, none for employees."""
    if not actor.is_client:
        return OwnReview(None, may_write=False)
    review = Review.objects.filter(author_id=actor.user_id, product_id=product_id).first()
    if not writes_reviews(actor) or (review is not None and review.state != ReviewState.REJECTED):
        return OwnReview(review, may_write=False)
    return OwnReview(review, may_write=purchase_of(actor=actor, product_id=product_id) is not None)


def writes_reviews(actor: Actor) -> bool:
    """Whether it is a client's person himself, and no employee who works or looks in his name."""
    return actor.is_client and not actor.is_read_only and actor.impersonator_id is None


def purchase_of(*, actor: Actor, product_id: int) -> Order | None:
    """The newest order, not given up, by which the actor's company bought the product; one query.

    Orders count of the legal entities that he has to do with, whoever of his colleagues sent them.
    """
    if actor.holding_id is None:
        return None
    entity_ids = actor.reachable_entity_ids
    orders = Order.objects.filter(
        Q(legal_entity__in=entity_ids) | Q(legal_entity__merged_into__in=entity_ids),
        holding_id=actor.holding_id,
        pk__in=OrderLine.objects.filter(sku__product_id=product_id).values("part__order_id"),
    )
    return orders.exclude(state__in=GIVEN_UP).order_by("-submitted_at", "-pk").first()


def review_row(review: Review) -> ReviewRow:
    """A published review with its author as pages tell of him."""
    moment = review.published_at
    assert moment is not None  # noqa: S101 - the database keeps it so
    return ReviewRow(
        pk=review.pk,
        author=first_name(review.author.full_name) or _("Покупатель"),
        rating=review.rating,
        text=review.text,
        pros=review.pros,
        cons=review.cons,
        reply=review.reply,
        published_at=moment,
    )
