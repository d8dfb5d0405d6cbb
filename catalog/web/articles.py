"""Articles: the list, and one of them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Article
from catalog.selectors.articles import article_card, article_rows
from counterparties.web.middleware import PortalRequest


@require_safe
def article_list(request: PortalRequest) -> HttpResponse:
    """What is published, with pages."""
    found = article_rows(at=timezone.now(), page=request.GET.get("page", "1"))
    return render(request, "catalog/articles.html", {"area": "articles", "found": found})


@require_safe
def article(request: PortalRequest, slug: str) -> HttpResponse:
    """One article; an administrator opens it before it is published, too."""
    now, is_draft_shown = timezone.now(), request.actor.is_administrator
    try:
        card = article_card(slug=slug, at=now, is_draft_shown=is_draft_shown)
    except Article.DoesNotExist as absent:
        raise Http404 from absent
    is_draft = not card.is_published or card.published_at is None or card.published_at > now
    context = {"area": "articles", "article": card, "is_draft": is_draft}
    return render(request, "catalog/article.html", context)
