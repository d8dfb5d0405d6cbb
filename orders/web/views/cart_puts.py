"""A saved cart beside the current one: what goes over, and the other way round."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from catalog.models import City
from catalog.web.learning import note_carted
from counterparties.models import Contract
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Cart
from orders.refusals import CartsMoved, ContractClosed, OrderRefused
from orders.selectors import cart_current
from orders.selectors.cart_diffs import cart_changes, cart_put_view
from orders.services.cart_puts import cart_put as put
from orders.services.cart_puts import cart_update as update
from orders.web.cart_forms import choices_read
from orders.web.carting import cart_or_404, to_cart


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_put(request: PortalRequest, pk: int) -> HttpResponse:
    """Each line of a saved or shared cart as it would be in the current one; put there on POST."""
    saved, place = cart_or_404(request, pk), request.workplace
    if place.contract is None or place.city is None:
        messages.error(request, str(ContractClosed()))
        return redirect("orders:carts")
    if request.method == "POST":
        return _put(request, saved, place.contract, place.city)
    current = cart_current(actor=request.actor, workplace=place)
    if current is not None and current.pk == saved.pk:
        return redirect("orders:cart")
    compared = cart_put_view(
        saved, contract=place.contract, city=place.city, current=current, on=timezone.localdate()
    )
    return render(request, "orders/cart_put.html", {"put": compared, "view": compared.view, "area": "carts"})


def _put(request: PortalRequest, saved: Cart, contract: Contract, city: City) -> HttpResponse:
    try:
        done = put(
            actor=request.actor,
            cart_id=saved.pk,
            legal_entity_id=contract.legal_entity_id,
            contract_id=contract.pk,
            city_id=city.pk,
            choices=choices_read(request.POST),
            seen_at=(_moment(request, "seen_saved"), _moment(request, "seen_current")),
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:cart_put", pk=saved.pk)
    note_carted(request)
    messages.success(request, _("Строк положено в корзину: {count}.").format(count=done.added))
    if done.left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(done.left_out)))
    return redirect("orders:cart")


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_update(request: PortalRequest, pk: int) -> HttpResponse:
    """What of a saved cart would change if it took what the current one holds; changed on POST."""
    saved = cart_or_404(request, pk)
    current = cart_current(actor=request.actor, workplace=request.workplace)
    if not Cart.objects.writable_by(request.actor).filter(pk=pk).exists():
        raise Http404
    if current is None or current.pk == saved.pk:
        messages.error(request, _("Текущая корзина пуста: обновлять не из чего."))
        return redirect("orders:carts")
    if request.method == "POST":
        return _update(request, saved, current)
    context = {"saved": saved, "current": current, "changes": cart_changes(saved, current), "area": "carts"}
    return render(request, "orders/cart_update.html", context)


def _update(request: PortalRequest, saved: Cart, current: Cart) -> HttpResponse:
    try:
        cart = update(
            actor=request.actor,
            cart_id=saved.pk,
            source_id=current.pk,
            seen_at=(_moment(request, "seen_saved"), _moment(request, "seen_current")),
            at=timezone.now(),
        )
    except Cart.DoesNotExist as error:
        raise Http404 from error
    except CartsMoved as refusal:
        messages.warning(request, str(refusal))
        return redirect("orders:cart_update", pk=saved.pk)
    messages.success(request, _("Корзина «{name}» обновлена.").format(name=cart.name))
    return to_cart(request, cart)


def _moment(request: PortalRequest, field: str) -> datetime | None:
    try:
        return parse_datetime(request.POST.get(field, ""))
    except ValueError:
        return None
