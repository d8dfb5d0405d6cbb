"""Lists of the catalogue."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from catalog.models import Section
from catalog.selectors import SectionTree, section_tree
from catalog.web.choice import SIZES, SORTS, VIEWS, Choice
from catalog.web.frame import ordering, privately, trail
from catalog.web.listing import Listing, listing_page
from counterparties.web.middleware import PortalRequest


class CatalogRequest(PortalRequest):
    """A request behind all middleware; for type checks only."""

    htmx: HtmxDetails


@require_safe
def index(request: CatalogRequest) -> HttpResponse:
    """The directory of sections; with a search, what was found in all of them."""
    choice = Choice.read(request.GET, request.session)
    tree = section_tree(city=request.workplace.city)
    if choice.search:
        listing = listing_page(workplace=request.workplace, choice=choice, on=timezone.localdate())
        return _answer(request, "catalog/search.html", tree, choice, listing, {"branch": tree.sold(None)})
    branches = [(node, tree.sold(node.pk)) for node in tree.sold(None)]
    context = {"area": "catalog", "branches": branches, "tree": tree}
    return privately(render(request, "catalog/index.html", context))


@require_safe
def section(request: CatalogRequest, pk: int) -> HttpResponse:
    """Goods of a section and of all below it."""
    choice = Choice.read(request.GET, request.session)
    tree = _tree_with(request, pk)
    node = tree.nodes[pk]
    listing = listing_page(
        workplace=request.workplace,
        choice=choice,
        on=timezone.localdate(),
        section_ids=tree.with_descendants(pk),
        known_total=node.count,
    )
    above = tree.nodes[node.parent_id] if node.parent_id else None
    context = {
        "section": node,
        "above": above,
        "branch": tree.sold(pk) or tree.sold(node.parent_id),
        "trail": trail(tree, node.parent_id),
    }
    return _answer(request, "catalog/section.html", tree, choice, listing, context)


def _tree_with(request: CatalogRequest, pk: int) -> SectionTree:
    """The city's tree; read anew when it is older than the section. 404 for an absent or hidden one."""
    tree = section_tree(city=request.workplace.city)
    if pk in tree.nodes:
        return tree
    get_object_or_404(Section.objects.filter(is_hidden=False), pk=pk)
    tree = section_tree(city=request.workplace.city, is_fresh=True)
    if pk not in tree.nodes:
        raise Http404
    return tree


def _answer(
    request: CatalogRequest,
    template: str,
    tree: SectionTree,
    choice: Choice,
    listing: Listing,
    extra: dict[str, Any],
) -> HttpResponse:
    """The whole page, or for htmx only the list, which is the same template."""
    context = extra | {
        "area": "catalog",
        "tree": tree,
        "choice": choice,
        "query": choice.query,
        "listing": listing,
        "views": VIEWS,
        "sorts": SORTS,
        "sizes": SIZES,
        "search_text": "" if "section" in extra else choice.search,
        **ordering(request),
    }
    is_fragment = bool(request.htmx) and not request.htmx.history_restore_request
    response = render(request, "catalog/_listing.html" if is_fragment else template, context)
    if is_fragment:
        query = choice.query
        if listing.page.number > 1:
            query["page"] = str(listing.page.number)
        response["HX-Push-Url"] = f"{request.path}?{query.urlencode()}" if query else request.path
    patch_vary_headers(response, ["HX-Request"])
    return privately(response)
