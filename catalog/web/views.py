"""Pages of the catalogue."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from accounts.permissions import Permission
from catalog.index.reading import catalog_index
from catalog.models import Picture, Product
from catalog.selectors import SectionTree, branches, product_card, section_tree
from catalog.web.choice import SIZES, SORTS, VIEWS, Choice
from catalog.web.forms import CityForm
from catalog.web.listing import Listing, listing_page, offers_for, terms_shown
from counterparties.web.middleware import CITY_KEY, PortalRequest
from portal.files.serving import FileDamaged, file_response

DAY_SECONDS = 86_400


class CatalogRequest(PortalRequest):
    """A request behind all middleware; for type checks only."""

    htmx: HtmxDetails


@require_safe
def index(request: CatalogRequest) -> HttpResponse:
    """The directory of sections; with a search, what was found in all of them."""
    choice = Choice.read(request.GET, request.session)
    tree = section_tree(catalog_index(), city=request.workplace.city)
    if choice.search:
        listing = listing_page(workplace=request.workplace, choice=choice, on=timezone.localdate())
        return _answer(request, "catalog/search.html", tree, choice, listing, {"branch": tree.sold(None)})
    branches = [(node, tree.sold(node.pk)) for node in tree.sold(None)]
    context = {"area": "catalog", "branches": branches, "tree": tree}
    return _private(render(request, "catalog/index.html", context))


@require_safe
def section(request: CatalogRequest, pk: int) -> HttpResponse:
    """Goods of a section and of all below it."""
    choice = Choice.read(request.GET, request.session)
    index = catalog_index()
    tree = section_tree(index, city=request.workplace.city)
    if pk not in tree.nodes:
        raise Http404
    node = tree.nodes[pk]
    listing = listing_page(
        workplace=request.workplace,
        choice=choice,
        on=timezone.localdate(),
        section_ids=list(branches(index).below(pk)),
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


@require_safe
def product(request: CatalogRequest, pk: int) -> HttpResponse:
    """One product; it opens even where it is not sold in the city."""
    try:
        card = product_card(product_id=pk)
    except Product.DoesNotExist as absent:
        raise Http404 from absent
    place = request.workplace
    terms = terms_shown(place, on=timezone.localdate())
    offers = offers_for(sku_ids=[sku.pk for sku in card.skus], city=place.city, terms=terms)
    tree = section_tree(catalog_index(), city=place.city)
    sections = [section_id for section_id in card.section_ids if section_id in tree.nodes]
    context = {
        "area": "catalog",
        "card": card,
        "rows": [(sku, offers[sku.pk]) for sku in card.skus],
        "is_in_city": any(offer.available for offer in offers.values()),
        "terms": terms,
        "trail": trail(tree, sections[0] if sections else None),
        "places": [trail(tree, section_id)[1:] for section_id in sections[1:]],
        **_ordering(request),
    }
    context["can_order"] &= card.is_on_sale
    return _private(render(request, "catalog/product.html", context))


@require_safe
def picture(request: CatalogRequest, pk: int) -> HttpResponseBase:
    """A picture of a product, or its small copy with `?preview`; kept by the browser for a day."""
    found = get_object_or_404(Picture.objects.select_related("file", "preview"), pk=pk)
    is_preview = "preview" in request.GET and found.preview is not None
    stored = found.preview if is_preview and found.preview else found.file
    etag = quote_etag(stored.sha256)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = file_response(stored, filename=f"{pk}-{stored.name}", inline=True)
        except FileDamaged as damaged:
            raise Http404 from damaged
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={DAY_SECONDS}"
    return response


@require_POST
def city(request: CatalogRequest) -> HttpResponse:
    """Remember the chosen city and go back to the page; one that is not served is ignored."""
    form = CityForm(request.POST)
    if form.is_valid():
        request.session[CITY_KEY] = form.cleaned_data["city"].pk
    return redirect(_way_back(request))


def trail(tree: SectionTree, section_id: int | None) -> list[tuple[str, str]]:
    """Addresses and names from the catalogue down to the section."""
    nodes = tree.trail(section_id) if section_id else []
    steps = [(reverse("catalog:section", args=[node.pk]), node.name) for node in nodes]
    return [(reverse("catalog:index"), "Каталог"), *steps]


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
        **_ordering(request),
    }
    is_fragment = bool(request.htmx) and not request.htmx.history_restore_request
    response = render(request, "catalog/_listing.html" if is_fragment else template, context)
    if is_fragment:
        query = choice.query
        if listing.page.number > 1:
            query["page"] = str(listing.page.number)
        response["HX-Push-Url"] = f"{request.path}?{query.urlencode()}" if query else request.path
    patch_vary_headers(response, ["HX-Request"])
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """Prices are this client's own: nobody between may keep the page."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _ordering(request: CatalogRequest) -> dict[str, Any]:
    """Whether the person may fill a cart here, where its forms go and come back to; asked once a page."""
    can_order = request.actor.can(Permission.ORDER_CREATE) and request.workplace.contract is not None
    return {
        "can_order": can_order,
        "cart_add_url": reverse("orders:cart_add"),
        "here": request.get_full_path(),
    }


def _way_back(request: CatalogRequest) -> str:
    """The page the choice was made on, if it is ours."""
    for address in (request.META.get("HTTP_REFERER", ""), request.POST.get("next", "")):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return reverse("catalog:index")
