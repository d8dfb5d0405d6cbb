"""Search inside the page of a product: its properties, papers, description and reviews."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from catalog.index.reading import Index
from catalog.search.prose import Pieces, excerpt, marked, plain
from catalog.search.texts import TextSet
from catalog.search.units import MEASURES
from catalog.selectors import PaperRow, ProductCard, PropertyRow
from catalog.selectors.search import lexicon_of, synonyms_of
from catalog.web.choice import LONGEST_SEARCH
from catalog.web.typed import text_read
from orders.selectors.reviews import ReviewRow, product_reviews

_EXCERPT = 240
_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PropertyHit:
    name: Pieces
    value: Pieces


@dataclass(frozen=True, slots=True)
class PaperHit:
    pk: int
    title: Pieces
    note: Pieces


@dataclass(frozen=True, slots=True)
class ReviewHit:
    review: ReviewRow
    text: Pieces


@dataclass(frozen=True, slots=True)
class Within:
    """What of a product answers, the best first of each kind; `correction` is None when as typed."""

    text: str
    correction: str | None
    properties: tuple[PropertyHit, ...]
    papers: tuple[PaperHit, ...]
    description: Pieces
    reviews: tuple[ReviewHit, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.properties or self.papers or self.description or self.reviews)


def asked_within(request: HttpRequest) -> str:
    """What the page of a product is asked for."""
    return text_read(request.GET.get("find"), LONGEST_SEARCH)


def within(index: Index, text: str, *, card: ProductCard, papers: list[PaperRow]) -> Within | None:
    """What answers among all that the person sees of the product; None without a text. One query, of reviews.

    `papers` are those that the page shows.
    """
    if not text:
        return None
    reviews = product_reviews(card.product.pk)
    own = dict(_texts(card, papers, reviews))
    found = TextSet(own).find(text, lexicon=lexicon_of(index), synonyms=synonyms_of(index))

    def places(kind: str) -> list[int]:
        return [place for own_kind, place in found.keys if own_kind == kind]

    sought = found.lemmas
    has_description = bool(places("description"))
    return Within(
        text=text,
        correction=found.correction,
        properties=tuple(_property(card.properties[place], sought) for place in places("property")),
        papers=tuple(_paper(papers[place], sought) for place in places("paper")),
        description=excerpt(plain(card.product.description), sought, most=_EXCERPT)
        if has_description
        else (),
        reviews=tuple(_review(reviews[place], sought) for place in places("review")),
    )


def _texts(card: ProductCard, papers: list[PaperRow], reviews: list[ReviewRow]) -> Iterator[tuple[_Key, str]]:
    for place, row in enumerate(card.properties):
        yield ("property", place), f"{row.name} {row.value} {_measured(row)}"
    for place, paper in enumerate(papers):
        yield ("paper", place), f"{paper.title} {paper.kind} {paper.number}"
    if card.product.description:
        yield ("description", 0), f"\n{plain(card.product.description)}"
    for place, review in enumerate(reviews):
        yield ("review", place), f"\n{review.text}\n{review.pros}\n{review.cons}\n{review.reply}"


def _measured(row: PropertyRow) -> str:
    """Values with the unit that stands in the name: «Мощность, Вт» of 800 is 800 Вт."""
    unit = row.unit or row.name.rpartition(",")[2].strip()
    if unit.lower() not in MEASURES:
        return ""
    return " ".join(f"{value} {unit}" for value in row.value.split(", "))


def _property(row: PropertyRow, sought: frozenset[str]) -> PropertyHit:
    name, value = marked(row.name, sought), marked(row.value, sought)
    if not any(is_sought for _text, is_sought in (*name, *value)):  # found by its unit
        value = ((row.value, True),)
    return PropertyHit(name, value)


def _paper(paper: PaperRow, sought: frozenset[str]) -> PaperHit:
    note = " ".join(
        filter(None, [paper.kind if paper.kind != paper.title else "", paper.number and f"№ {paper.number}"])
    )
    return PaperHit(paper.pk, marked(paper.title, sought), marked(note, sought))


def _review(review: ReviewRow, sought: frozenset[str]) -> ReviewHit:
    told = " ".join(filter(None, [review.text, review.pros, review.cons, review.reply]))
    return ReviewHit(review, excerpt(told, sought, most=_EXCERPT))
