"""Reviews by what was typed: those that everybody may read, of goods that are on sale."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from catalog.index.reading import Index
from catalog.search.prose import Pieces, excerpt, marked
from catalog.search.texts import FoundTexts, TextSet
from catalog.selectors.search import lexicon_of, synonyms_of
from orders.models import Review
from orders.review_index import REVIEW
from orders.selectors.reviews import PAGE_SIZE, ReviewRow, review_row

MOST_SEARCHED = 5_000
"""Of more only the newest are looked through."""
_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class ReviewHit:
    """A review with its goods; words that were looked for are marked in the texts."""

    review: ReviewRow
    product_id: int
    product: Pieces
    text: Pieces
    pros: Pieces
    cons: Pieces


@dataclass(frozen=True, slots=True)
class ReviewHits:
    """One page; `correction` is the query as it was understood, None when as typed."""

    rows: tuple[ReviewHit, ...]
    page: Page[int]
    correction: str | None = None


def reviews_counted(index: Index, text: str, *, is_literal: bool = False) -> int:
    """How many reviews answer; no query, one after a review or its goods have changed."""
    return len(_found(index, text, is_literal=is_literal).keys)


def review_hits(index: Index, text: str, *, page: int | str = 1, is_literal: bool = False) -> ReviewHits:
    """A page of reviews that answer, the best first; without a text all of them, the newest first.

    One query, two without a text.
    """
    found: FoundTexts[int] = _found(index, text, is_literal=is_literal) if text else FoundTexts()
    total = len(found.keys) if text else Review.objects.of_goods_on_sale().count()
    place: Page[int] = Paginator(range(total), PAGE_SIZE).get_page(page)
    first = (place.number - 1) * PAGE_SIZE
    rows = Review.objects.of_goods_on_sale().select_related("author", "product")
    if text:
        known = rows.in_bulk(found.keys[first : first + PAGE_SIZE])
        shown = [known[pk] for pk in found.keys if pk in known]
    else:
        shown = list(rows.order_by("-published_at", "-pk")[first : first + PAGE_SIZE])
    return ReviewHits(tuple(_hit(review, found.lemmas) for review in shown), place, found.correction)


def reviews_warm(index: Index) -> None:
    """Analyse the texts, so that no search waits for it: of some thousands it takes seconds."""
    index.derived("reviews", _read, depends_on=(REVIEW,))


def _found(index: Index, text: str, *, is_literal: bool) -> FoundTexts[int]:
    texts = index.derived("reviews", _read, depends_on=(REVIEW,))
    return texts.find(text, lexicon=lexicon_of(index), synonyms=synonyms_of(index), literally=is_literal)


def _read() -> TextSet[int]:
    """What people wrote, as the title of a text; the name of the goods answers, too, but tells less."""
    rows = Review.objects.of_goods_on_sale().order_by("-published_at", "-pk")
    fields = ("pk", "text", "pros", "cons", "product__name", "product__article")
    return TextSet(
        {
            pk: f"{' '.join(f'{text} {pros} {cons}'.split())}\n{name} {article}"
            for pk, text, pros, cons, name, article in rows.values_list(*fields)[:MOST_SEARCHED]
        }
    )


def _hit(review: Review, sought: frozenset[str]) -> ReviewHit:
    return ReviewHit(
        review=review_row(review),
        product_id=review.product_id,
        product=marked(review.product.name, sought),
        text=excerpt(review.text, sought, most=_EXCERPT),
        pros=excerpt(review.pros, sought, most=_EXCERPT),
        cons=excerpt(review.cons, sought, most=_EXCERPT),
    )
