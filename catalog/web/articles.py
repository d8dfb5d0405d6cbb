"""Articles: the list, what words find in them, and one of them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.index.reading import Index, catalog_index
from catalog.models import Article
from catalog.selectors import branches, cities_open
from catalog.selectors.article_search import article_hits
from catalog.selectors.articles import article_card, article_rows, article_sections
from catalog.web.choice import LONGEST_SEARCH
from catalog.web.scopes import ARTICLES, scopes
from catalog.web.typed import text_read, whole_read
from counterparties.web.middleware import PortalRequest


@require_safe
def article_list(request: PortalRequest) -> HttpResponse:
    """What is published or what the words find, of a section if one is chosen, with pages."""
    now, page = timezone.now(), request.GET.get("page", "1")
    text = text_read(request.GET.get("q"), LONGEST_SEARCH)
    is_literal = bool(text) and request.GET.get("exact") == "1"
    index = _catalogue(request)
    sections = article_sections(shown=branches(index).rows, at=now)
    asked = whole_read(request.GET.get("section"))
    section_id = asked if asked in dict(sections) else None
    context: dict[str, Any] = {"area": "articles", "search_text": text, "is_literal": is_literal}
    context |= {"sections": sections, "section_id": section_id}
    if text:
        context["found"] = article_hits(
            index, text, at=now, section_id=section_id, page=page, is_literal=is_literal
        )
        context["scopes"] = scopes(index, text, current=ARTICLES, at=now, is_literal=is_literal)
    else:
        context["found"] = article_rows(at=now, section_id=section_id, page=page)
    return render(request, "catalog/articles.html", context)


@require_safe
def article(request: PortalRequest, slug: str) -> HttpResponse:
    """One article; an administrator opens it before it is published, too."""
    now, is_draft_shown = timezone.now(), request.actor.is_administrator
    try:
        card = article_card(slug=slug, at=now, is_draft_shown=is_draft_shown)
    except Article.DoesNotExist as absent:
        raise Http404 from absent
    is_draft = not card.is_published or card.published_at is None or card.published_at > now
    shown = branches(_catalogue(request)).rows
    sections = [section for section in card.sections.all() if section.pk in shown]
    context = {"area": "articles", "article": card, "sections": sections, "is_draft": is_draft}
    return render(request, "catalog/article.html", context)


def _catalogue(request: PortalRequest) -> Index:
    """The index, which knows the cities, too: the workplace need not read them."""
    index = catalog_index()
    request.cities = cities_open(index)
    return index
