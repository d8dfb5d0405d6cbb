"""Sending an order: where to, what to say with it, and what exactly was seen."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from counterparties.models import DeliveryAddress
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders import services
from orders.models import Cart
from orders.refusals import (
    DeliveryCostChanged,
    OrderRefused,
    PriceChanged,
    StockBusy,
    StockShort,
    refusal_told,
)
from orders.selectors import CartView, cart_by_id, cart_current, cart_view
from orders.services.guarding import guards_check
from orders.services.offers import PICKUP, delivery_cost_agreed
from orders.web.carting import cart_context, cart_response
from orders.web.checkout_blocks import blocks_of, seen_of
from orders.web.following import follow_end
from orders.web.forms import Checkout

_WORLD_MOVED = (PriceChanged, StockShort, StockBusy, DeliveryCostChanged)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def checkout(request: PortalRequest) -> HttpResponse:
    """Show what would go from where and when; send it on POST."""
    if request.method == "POST":
        return _send(request)
    cart = cart_current(actor=request.actor, workplace=request.workplace)
    view = cart_view(cart, on=timezone.localdate()) if cart else None
    if view is None or not view.may_be_ordered:
        if view is not None and view.problems:
            messages.warning(request, _("Сначала исправьте отмеченные строки."))
        return redirect("orders:cart")
    return _page(request, view, None)


def _send(request: PortalRequest) -> HttpResponse:
    form = Checkout(request.POST)
    form.is_valid()
    if "cart" in form.errors:
        raise Http404
    if "recount" in request.POST:  # another address or switch: nothing is sent, no fault is told
        return _recounted(request, form)
    if form.errors:
        view = _view(request, form)
        if not view.may_be_ordered:  # a plan of what is short would tell how much each warehouse holds
            return cart_response(request, view, status=422)
        return _page(request, view, form, status=422)
    filled, at = form.cleaned_data, timezone.now()
    try:
        guards_check(
            actor=request.actor,
            cart_id=filled["cart"],
            guards_seen=filled["guards_seen"],
            keys=[filled["idempotency_key"]],
            at=at,
        )
        cost = delivery_cost_agreed(
            actor=request.actor,
            cart_id=filled["cart"],
            delivery_address_id=form.delivery_address_id,
            choices=form.choices,
            seen=filled["delivery_seen"],
            idempotency_key=filled["idempotency_key"],
            at=at,
        )
        order = services.order_submit(
            actor=request.actor,
            cart_id=filled["cart"],
            delivery_address_id=form.delivery_address_id,
            comment=filled["comment"],
            client_reference=filled["client_reference"],
            idempotency_key=filled["idempotency_key"],
            expected_total=filled["expected_total"],
            choices=replace(form.choices, delivery_cost=cost),
            at=at,
        )
    except (Cart.DoesNotExist, DeliveryAddress.DoesNotExist) as error:
        raise Http404 from error
    except OrderRefused as refusal:
        return _refused(request, form, refusal)
    follow_end(request, order)
    told = _("Заказ {number} ждёт согласования.") if order.is_unsent else _("Заказ {number} отправлен.")
    messages.success(request, told.format(number=order.number))
    return redirect("orders:detail", pk=order.pk)


def _refused(request: PortalRequest, form: Checkout, refusal: OrderRefused) -> HttpResponse:
    """Tell the reason on the page where it can be mended, with what is true now."""
    status = 409 if isinstance(refusal, _WORLD_MOVED) else 422
    view = _view(request, form)
    messages.error(request, refusal_told(refusal, actor=request.actor, entity=view.cart.legal_entity))
    if not view.may_be_ordered:
        return cart_response(request, view, status=status)
    return _page(request, view, _again(request, view), status=status)


def _recounted(request: PortalRequest, form: Checkout) -> HttpResponse:
    view = _view(request, form)
    if not view.may_be_ordered:
        return cart_response(request, view)
    told = Checkout(initial={name: request.POST.get(name, "") for name in form.fields} | seen_of(view))
    return _page(request, view, told)


def _again(request: PortalRequest, view: CartView) -> Checkout:
    """What was filled in, with the sum that is true now."""
    again = request.POST.copy()
    for name, value in seen_of(view).items():
        again[name] = str(value)
    return Checkout(again)


def _view(request: PortalRequest, form: Checkout) -> CartView:
    try:
        return cart_view(
            cart_by_id(actor=request.actor, cart_id=form.cleaned_data["cart"]), on=timezone.localdate()
        )
    except Cart.DoesNotExist as error:
        raise Http404 from error


def _page(request: PortalRequest, view: CartView, form: Checkout | None, status: int = 200) -> HttpResponse:
    (block,) = blocks_of(
        [view],
        actor=request.actor,
        filled={view.cart.pk: form} if form else {},
        prefix=None,
        at=timezone.now(),
    )
    context = cart_context(view) | {
        "one": block,
        "form": block.form,
        "guards": block.guards,
        "guards_key": block.guards_key,
        "guards_seen": block.guards_seen,
        "pickup": PICKUP,
    }
    return render(request, "orders/checkout.html", context, status=status)
