"""Articles by what was typed."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from catalog.index.kinds import ARTICLE
from catalog.index.reading import Index
from catalog.models import Article
from catalog.search.prose import Pieces, excerpt, marked, plain
from catalog.search.texts import FoundTexts, TextSet
from catalog.selectors.articles import PAGE_SIZE, ArticleRow
from catalog.selectors.search import lexicon_of, synonyms_of

_EXCERPT = 240


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that answers; words that were looked for are marked in its title and in the excerpt."""

    slug: str
    title: Pieces
    excerpt: Pieces
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleHits:
    """One page of what was found; `correction` is the query as it was understood, None when as typed."""

    rows: tuple[ArticleHit, ...]
    page: Page[int]
    correction: str | None


@dataclass(frozen=True, slots=True)
class _Articles:
    """All that is marked as published, now or later, and when."""

    texts: TextSet[int]
    moments: dict[int, datetime]


def articles_counted(index: Index, text: str, *, at: datetime, is_literal: bool = False) -> int:
    """How many articles answer; no query, one after an article has changed."""
    return len(_found(index, text, at, is_literal=is_literal).keys)


def articles_found(index: Index, text: str, *, at: datetime, most: int) -> list[ArticleRow]:
    """The best articles that answer; one query when there are any, one more after an article has changed."""
    found = _found(index, text, at).keys[:most]
    if not found:
        return []
    rows = Article.objects.published(at).filter(pk__in=found)
    known = {
        pk: ArticleRow(slug, title, lead, moment)
        for pk, slug, title, lead, moment in rows.values_list("pk", "slug", "title", "lead", "published_at")
        if moment is not None
    }
    return [known[pk] for pk in found if pk in known]


def article_hits(
    index: Index,
    text: str,
    *,
    at: datetime,
    section_id: int | None = None,
    page: int | str = 1,
    is_literal: bool = False,
) -> ArticleHits:
    """A page of articles that answer, the best first; one query, two with a section."""
    found = _found(index, text, at, is_literal=is_literal)
    keys = found.keys
    if section_id is not None:
        here = Article.sections.through.objects.filter(section_id=section_id)
        own = set(here.values_list("article_id", flat=True))
        keys = tuple(pk for pk in keys if pk in own)
    place: Page[int] = Paginator(range(len(keys)), PAGE_SIZE).get_page(page)
    first = (place.number - 1) * PAGE_SIZE
    chosen = keys[first : first + PAGE_SIZE]
    articles = Article.objects.published(at).in_bulk(chosen)
    rows = (_hit(articles[pk], found.lemmas) for pk in chosen if pk in articles)
    return ArticleHits(tuple(rows), place, found.correction)


def articles_warm(index: Index) -> None:
    """Analyse the texts, so that no search waits for it."""
    index.derived("articles", _read, depends_on=(ARTICLE,))


def _found(index: Index, text: str, at: datetime, *, is_literal: bool = False) -> FoundTexts[int]:
    """Articles that answer and are published by now."""
    articles = index.derived("articles", _read, depends_on=(ARTICLE,))
    found = articles.texts.find(
        text, lexicon=lexicon_of(index), synonyms=synonyms_of(index), literally=is_literal
    )
    keys = tuple(pk for pk in found.keys if articles.moments[pk] <= at)
    return FoundTexts(keys, found.lemmas, found.correction if keys else None)


def _read() -> _Articles:
    rows = Article.objects.filter(is_published=True).order_by("-published_at", "-pk")
    told = list(rows.values_list("pk", "title", "lead", "body", "published_at"))
    texts = {pk: f"{title}\n{lead}\n{plain(body)}" for pk, title, lead, body, _moment in told}
    moments = {pk: moment for pk, *_texts, moment in told if moment is not None}
    return _Articles(TextSet(texts), moments)


def _hit(article: Article, sought: frozenset[str]) -> ArticleHit:
    moment = article.published_at
    assert moment is not None  # noqa: S101 - the database keeps it so
    return ArticleHit(
        slug=article.slug,
        title=marked(article.title, sought),
        excerpt=excerpt(f"{article.lead} {plain(article.body)}", sought, most=_EXCERPT),
        published_at=moment,
    )
