"""All carts of a person: a table, and what is done with one of them as a whole."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest
from orders.models import Cart, CartSharing
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors.saved import cart_rows
from orders.services import carts as services
from orders.web.cart_forms import CartName, CartShare, ids_read
from orders.web.carting import cart_or_404, cart_response, view_whole

Act = Callable[[], Cart]


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def carts(request: PortalRequest) -> HttpResponse:
    """Own carts and those that colleagues share, with today's sums and problems."""
    context = {
        "rows": cart_rows(actor=request.actor, on=timezone.localdate()),
        "chosen": ids_read(request.GET, "cart"),
        "sharings": CartSharing.choices,
        "area": "carts",
    }
    return render(request, "orders/carts.html", context)


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def cart_open(request: PortalRequest, pk: int) -> HttpResponse:
    """One cart of those, also of a colleague."""
    return cart_response(request, view_whole(request, cart_or_404(request, pk)))


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_create(request: PortalRequest) -> HttpResponse:
    """A new empty cart for the chosen legal entity and city."""
    place = request.workplace
    form = CartName(request.POST)
    if not form.is_valid():
        return _fault(request, str(form.errors["name"][0]))
    if place.legal_entity is None or place.contract is None or place.city is None:
        return _fault(request, str(ContractClosed()))
    entity, contract, city = place.legal_entity, place.contract, place.city
    made = _done(
        request,
        lambda: services.cart_create(
            actor=request.actor,
            legal_entity_id=entity.pk,
            contract_id=contract.pk,
            city_id=city.pk,
            name=form.cleaned_data["name"],
            at=timezone.now(),
        ),
    )
    if made is not None:
        messages.success(request, _("Корзина «{name}» создана.").format(name=made.name))
    return redirect("orders:carts")


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_copy(request: PortalRequest, pk: int) -> HttpResponse:
    """Save a copy of a cart under a name."""
    cart_or_404(request, pk)
    form = CartName(request.POST)
    if not form.is_valid():
        return _fault(request, str(form.errors["name"][0]))
    name, at = form.cleaned_data["name"], timezone.now()
    saved = _done(request, lambda: services.cart_copy(actor=request.actor, cart_id=pk, name=name, at=at))
    if saved is not None:
        messages.success(request, _("Сохранено: «{name}».").format(name=saved.name))
    return redirect(back_url(request, "orders:carts"))


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_rename(request: PortalRequest, pk: int) -> HttpResponse:
    cart_or_404(request, pk)
    form = CartName(request.POST)
    if not form.is_valid():
        return _fault(request, str(form.errors["name"][0]))
    name, at = form.cleaned_data["name"], timezone.now()
    _done(request, lambda: services.cart_rename(actor=request.actor, cart_id=pk, name=name, at=at))
    return redirect("orders:carts")


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_share(request: PortalRequest, pk: int) -> HttpResponse:
    """Let colleagues see or change a saved cart, or no longer."""
    cart_or_404(request, pk)
    form = CartShare(request.POST)
    if not form.is_valid():
        return _fault(request, str(form.errors["sharing"][0]))
    sharing, at = CartSharing(form.cleaned_data["sharing"]), timezone.now()
    _done(request, lambda: services.cart_share(actor=request.actor, cart_id=pk, sharing=sharing, at=at))
    return redirect("orders:carts")


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_delete(request: PortalRequest, pk: int) -> HttpResponse:
    try:
        services.cart_delete(actor=request.actor, cart_id=pk)
    except Cart.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Корзина удалена."))
    return redirect("orders:carts")


def _done(request: PortalRequest, act: Act) -> Cart | None:
    """Do it; a refusal becomes a message, somebody else's cart is not found."""
    try:
        return act()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return None


def _fault(request: PortalRequest, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return redirect(back_url(request, "orders:carts"))
