"""Where the words of a search find something: among goods, articles, reviews."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.index.reading import Index
from catalog.selectors.article_search import articles_counted
from orders.selectors.review_search import reviews_counted

GOODS, ARTICLES, REVIEWS = "catalog:index", "articles:list", "orders:review_search"
_TITLES: dict[str, Promise] = {GOODS: _("Товары"), ARTICLES: _("Статьи"), REVIEWS: _("Отзывы")}


@dataclass(frozen=True, slots=True)
class Scope:
    """One place to look in; `count` is None where it is not known without looking."""

    title: str | Promise
    address: str
    count: int | None
    is_current: bool


def scopes(
    index: Index, text: str, *, current: str, at: datetime, is_literal: bool = False
) -> tuple[Scope, ...]:
    """The place one is in, the goods, and all others where there is something; none if that is all.

    No query, one for each of articles and reviews after they have changed.
    """
    if not text:
        return ()
    counts: dict[str, int | None] = {
        GOODS: None,
        ARTICLES: articles_counted(index, text, at=at, is_literal=is_literal),
        REVIEWS: reviews_counted(index, text, is_literal=is_literal),
    }
    shown = [name for name, count in counts.items() if count or name in (GOODS, current)]
    if len(shown) < 2:
        return ()
    return tuple(
        Scope(_TITLES[name], _address(name, text, is_literal), counts[name], name == current)
        for name in shown
    )


def _address(name: str, text: str, is_literal: bool) -> str:
    query = QueryDict(mutable=True)
    query["q"] = text
    if is_literal:
        query["exact"] = "1"
    return f"{reverse(name)}?{query.urlencode()}"
