"""What is offered under the search field while a query is typed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.index.reading import catalog_index
from catalog.selectors import cities_open
from catalog.web.choice import LONGEST_SEARCH
from catalog.web.frame import ordering, privately
from catalog.web.suggested import suggested
from catalog.web.typed import text_read
from counterparties.web.middleware import PortalRequest


@require_safe
def suggestions(request: PortalRequest) -> HttpResponse:
    """A fragment for suggest.js; nothing for an empty query."""
    text = text_read(request.GET.get("q"), LONGEST_SEARCH)
    if not text:
        return privately(HttpResponse())
    index = catalog_index()
    request.cities = cities_open(index)
    found = suggested(index, text, actor=request.actor, workplace=request.workplace, at=timezone.now())
    context = {"suggested": found, **ordering(request), "here": found.all_address}
    return privately(render(request, "catalog/_suggestions.html", context))
