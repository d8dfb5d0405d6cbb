"""The city whose prices and stock are shown."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from catalog.web.forms import CityForm
from counterparties.web.middleware import CITY_KEY, PortalRequest


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
