"""The city whose prices and stock are shown, and what a change of it does to the cart."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from catalog.models import City
from catalog.web.forms import CityForm
from catalog.web.frame import privately
from counterparties.web.middleware import CITY_KEY, PortalRequest
from orders.models import Cart
from orders.refusals import OrderRefused
from orders.selectors import cart_current, cart_elsewhere
from orders.services import cart_carry


@require_POST
def city(request: PortalRequest) -> HttpResponse:
    """Remember the chosen city and go back to the page; one that is not served is ignored.

    A cart with goods is shown first as it would be there: `keep` changes the city and leaves the cart,
    `carry` takes its goods along.
    """
    form = CityForm(request.POST)
    if not form.is_valid():
        return redirect(_way_back(request))
    chosen: City = form.cleaned_data["city"]
    cart = _cart_left(request, chosen)
    if cart is not None and "carry" in request.POST:
        return _carried(request, cart, chosen)
    if cart is not None and "keep" not in request.POST:
        query = urlencode([("city", str(chosen.pk)), ("next", _way_back(request))])
        return redirect(f"{reverse('catalog:city_switch')}?{query}")
    request.session[CITY_KEY] = chosen.pk
    return redirect(_way_back(request))


@require_safe
def city_switch(request: PortalRequest) -> HttpResponse:
    """The current cart here and in the chosen city, line by line; nothing is changed."""
    form = CityForm(request.GET)
    cart = _cart_left(request, form.cleaned_data["city"]) if form.is_valid() else None
    if cart is None:
        return redirect("catalog:index")
    context = {
        "area": "cart",
        "change": cart_elsewhere(cart, form.cleaned_data["city"], on=timezone.localdate()),
        "next": _way_back(request),
    }
    return privately(render(request, "catalog/city_switch.html", context))


def _cart_left(request: PortalRequest, chosen: City) -> Cart | None:
    """The cart with goods that the person would leave behind; none for who may not order."""
    place = request.workplace
    if not request.actor.can(Permission.ORDER_CREATE) or place.city is None or place.city == chosen:
        return None
    cart = cart_current(actor=request.actor, workplace=place)
    return cart if cart is not None and cart.lines.exists() else None


def _carried(request: PortalRequest, cart: Cart, chosen: City) -> HttpResponse:
    try:
        carried = cart_carry(actor=request.actor, cart_id=cart.pk, city_id=chosen.pk, at=timezone.now())
    except (Cart.DoesNotExist, OrderRefused) as refusal:
        messages.error(request, str(refusal) or _("Корзина изменилась. Попробуйте еще раз."))
        return redirect("orders:cart")
    request.session[CITY_KEY] = chosen.pk
    messages.success(
        request,
        _("Город изменен: {city}. Перенесено позиций: {count}. Прежняя корзина отложена.").format(
            city=chosen.name, count=carried.added
        ),
    )
    if carried.left_out:
        messages.warning(request, _("Не перенесено: {names}.").format(names="; ".join(carried.left_out)))
    return redirect("orders:cart")


def _way_back(request: PortalRequest) -> str:
    """The page the choice was made on, if it is ours; never the comparison itself."""
    asked = request.GET.get("next", "") or request.POST.get("next", "")
    referer = request.META.get("HTTP_REFERER", "")
    is_from_comparison = reverse("catalog:city_switch") in referer
    for address in (asked,) if is_from_comparison or request.GET else (referer, asked):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return reverse("catalog:index")
