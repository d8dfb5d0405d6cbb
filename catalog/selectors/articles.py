"""Articles as pages show them."""

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q

from catalog.models import Article, Product, Section

PAGE_SIZE = 20
_MOST_BESIDE_A_PRODUCT = 6


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list."""

    slug: str
    title: str
    lead: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of the list."""

    rows: tuple[ArticleRow, ...]
    page: Page[int]


def article_rows(*, at: datetime, section_id: int | None = None, page: int | str = 1) -> ArticlePage:
    """What is published, the newest first, of a section if one is named; two queries."""
    articles = Article.objects.published(at)
    if section_id is not None:
        articles = articles.filter(sections=section_id)
    place: Page[int] = Paginator(range(articles.count()), PAGE_SIZE).get_page(page)
    first = (place.number - 1) * PAGE_SIZE
    newest = articles.defer("body").order_by("-published_at", "-pk")[first : first + PAGE_SIZE]
    return ArticlePage(tuple(_row(article) for article in newest), place)


def article_sections(*, shown: Container[int], at: datetime) -> list[tuple[int, str]]:
    """Those of the sections shown that articles are about, by name; one query."""
    told = Article.sections.through.objects.filter(article__in=Article.objects.published(at))
    sections = Section.objects.filter(pk__in=told.values("section_id")).order_by("name", "pk")
    return [(pk, name) for pk, name in sections.values_list("pk", "name") if pk in shown]


def articles_for_product(*, product_id: int, section_ids: Collection[int], at: datetime) -> list[ArticleRow]:
    """Articles of the product and of the sections (its own and those above), the newest first; one query."""
    sections = Article.sections.through.objects.filter(section_id__in=section_ids).values("article_id")
    products = Article.products.through.objects.filter(product_id=product_id).values("article_id")
    told = Article.objects.published(at).filter(Q(pk__in=products) | Q(pk__in=sections))
    newest = told.defer("body").order_by("-published_at", "-pk")[:_MOST_BESIDE_A_PRODUCT]
    return [_row(article) for article in newest]


def article_card(*, slug: str, at: datetime, is_draft_shown: bool) -> Article:
    """An article with all its sections and its goods that are on sale; three queries.

    Raises Article.DoesNotExist, for one that is not published only if drafts are not shown.
    """
    articles = Article.objects.all() if is_draft_shown else Article.objects.published(at)
    goods = Product.objects.filter(is_hidden=False, skus__is_hidden=False).distinct()
    return articles.prefetch_related(
        Prefetch("sections", Section.objects.order_by("sort_key", "pk")),
        Prefetch("products", goods.order_by("sort_key", "pk")),
    ).get(slug=slug)


def _row(article: Article) -> ArticleRow:
    moment = article.published_at
    assert moment is not None  # noqa: S101 - the database keeps it so
    return ArticleRow(article.slug, article.title, article.lead, moment)
