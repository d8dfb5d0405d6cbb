"""Articles and the dictionary of the search, as administrators of the invented company have written them."""

from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from catalog.models import (
    Article,
    ClassifierKind,
    Product,
    SearchPin,
    SearchQueryDay,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    Section,
    SuggestedPhrase,
)
from catalog.phrases import phrase_normal
from catalog.services.articles import article_body_clean
from integrations.demo.fiction import dictionary as fiction
from integrations.demo.fiction.articles import ARTICLES, ArticleData
from integrations.demo.identity import Noise

_DAYS = 14
_OF_ERP = {"classifier__kind": ClassifierKind.ERP}


def words_fill() -> None:
    """Articles, synonyms, pinned goods, redirects, suggestions, two weeks of queries. Idempotent."""
    for data in ARTICLES:
        _article(data, timezone.now())
    for phrase, meaning, is_mutual in fiction.SYNONYMS:
        SearchSynonym.objects.get_or_create(
            normal_phrase=phrase_normal(phrase),
            normal_meaning=phrase_normal(meaning),
            defaults={"phrase": phrase, "meaning": meaning, "is_mutual": is_mutual},
        )
    for word in fiction.STOP_WORDS:
        SearchStopWord.objects.get_or_create(normal_word=phrase_normal(word), defaults={"word": word})
    for text, priority, is_hidden in fiction.SUGGESTED:
        SuggestedPhrase.objects.get_or_create(
            normal_text=phrase_normal(text),
            defaults={"text": text, "priority": priority, "is_hidden": is_hidden},
        )
    _pins()
    _redirects()
    _queries(timezone.localdate())


def _article(data: ArticleData, now: datetime) -> None:
    article, is_new = Article.objects.get_or_create(
        slug=data.slug,
        defaults={
            "title": data.title,
            "lead": data.lead,
            "body": article_body_clean(data.body),
            "is_published": data.days is not None,
            "published_at": None if data.days is None else now - timedelta(days=data.days),
        },
    )
    if is_new:
        article.sections.set(Section.objects.filter(name__in=data.sections, **_OF_ERP))
        article.products.set(filter(None, map(_popular, data.goods)))


def _pins() -> None:
    for query, kind in fiction.PINS:
        product = _popular(kind)
        if product is not None and not SearchPin.objects.filter(normal_query=phrase_normal(query)).exists():
            SearchPin.objects.create(query=query, product=product)


def _redirects() -> None:
    targets: list[tuple[str, Section | None, str]] = [
        (query, Section.objects.filter(name=name, **_OF_ERP).first(), "")
        for query, name in fiction.SECTION_REDIRECTS
    ]
    targets += [(query, None, path) for query, path in fiction.PAGE_REDIRECTS]
    for query, section, path in targets:
        if section is not None or path:
            SearchRedirect.objects.get_or_create(
                normal_query=phrase_normal(query),
                defaults={"query": query, "section": section, "path": path},
            )


def _queries(today: date) -> None:
    """Texts spread over the days by chance, the same each time; none where anybody has looked already."""
    if SearchQueryDay.objects.exists():
        return
    counts: dict[tuple[str, int], int] = {}
    for text, asked, _found in fiction.ASKED:
        for number in range(asked):
            day = Noise("query", text, str(number)).below(_DAYS)
            counts[text, day] = counts.get((text, day), 0) + 1
    found = {text: goods for text, _asked, goods in fiction.ASKED}
    SearchQueryDay.objects.bulk_create(
        SearchQueryDay(
            day=today - timedelta(days=day),
            text=text,
            asked=asked,
            found=found[text],
            clicks=asked * 2 // 3 if found[text] else 0,
            carts=asked // 3 if found[text] else 0,
        )
        for (text, day), asked in counts.items()
    )


def _popular(kind: str) -> Product | None:
    """The most ordered good of a kind."""
    goods = Product.objects.filter(kind=kind, is_hidden=False, skus__is_hidden=False)
    return goods.order_by(F("skus__popularity__score").desc(nulls_last=True), "pk").first()
