"""Pages of the catalogue."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from catalog.index.reading import catalog_index
from catalog.models import Picture, Product
from catalog.selectors import product_card, section_tree
from catalog.web.forms import CityForm
from catalog.web.frame import ordering, privately, trail
from catalog.web.offers import offers_for, terms_shown
from counterparties.web.middleware import CITY_KEY, PortalRequest
from portal.files.serving import FileDamaged, file_response

DAY_SECONDS = 86_400


@require_safe
def product(request: PortalRequest, pk: int) -> HttpResponse:
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
        **ordering(request),
    }
    context["can_order"] &= card.is_on_sale
    return privately(render(request, "catalog/product.html", context))


@require_safe
def picture(request: PortalRequest, pk: int) -> HttpResponseBase:
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
def city(request: PortalRequest) -> HttpResponse:
    """Remember the chosen city and go back to the page; one that is not served is ignored."""
    form = CityForm(request.POST)
    if form.is_valid():
        request.session[CITY_KEY] = form.cleaned_data["city"].pk
    return redirect(_way_back(request))


def _way_back(request: PortalRequest) -> str:
    """The page the choice was made on, if it is ours."""
    for address in (request.META.get("HTTP_REFERER", ""), request.POST.get("next", "")):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return reverse("catalog:index")
