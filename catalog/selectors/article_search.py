"""Articles by what was typed."""

from collections.abc import Mapping
from datetime import datetime
from time import monotonic

from catalog.index.kinds import SEARCH
from catalog.index.reading import Index
from catalog.models import Article
from catalog.search.texts import find_texts
from catalog.selectors.articles import ArticleRow
from catalog.selectors.search import lexicon_of, synonyms_of

_KEPT_SECONDS = 60


def articles_found(index: Index, text: str, *, at: datetime, most: int) -> list[ArticleRow]:
    """Articles whose title or lead answers, the best first; one query when there are any, one a minute more.

    The texts are kept for a minute, so that long is a new one not found; one taken back is gone at once.
    """
    texts = _texts(index)
    if not texts:  # mending the words against nothing would cost milliseconds
        return []
    found = find_texts(text, texts, lexicon=lexicon_of(index), synonyms=synonyms_of(index))[:most]
    if not found:
        return []
    rows = Article.objects.published(at).filter(pk__in=found)
    known = {
        pk: ArticleRow(slug, title, lead, moment)
        for pk, slug, title, lead, moment in rows.values_list("pk", "slug", "title", "lead", "published_at")
        if moment is not None
    }
    return [known[pk] for pk in found if pk in known]


def _texts(index: Index) -> Mapping[int, str]:
    """Title and lead of what is marked as published, now or later, by article."""

    def make() -> dict[int, str]:
        rows = Article.objects.filter(is_published=True).values_list("pk", "title", "lead")
        return {pk: f"{title}\n{lead}" for pk, title, lead in rows}

    age = int(monotonic() // _KEPT_SECONDS)
    return index.derived(("article_texts", age), make, depends_on=(SEARCH,))
