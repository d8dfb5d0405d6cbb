"""Several carts at once: one page of checkout with a summary of each, one page of what has become of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Cart, Order
from orders.refusals import refusal_told
from orders.selectors import CartView
from orders.selectors.saved import carts_chosen
from orders.services.offers import PICKUP
from orders.services.sending import Sending, Sent, orders_submit
from orders.web.cart_forms import ids_read
from orders.web.checkout_blocks import blocks_of, seen_of
from orders.web.forms import Checkout

MOST_CARTS = 30
_PREFIX = "cart-{}"


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def carts_checkout(request: PortalRequest) -> HttpResponse:
    """Where each cart goes and what it costs; all are sent on POST."""
    form = request.POST if request.method == "POST" else request.GET
    cart_ids = ids_read(form, "cart")
    if not cart_ids:
        messages.error(request, _("Отметьте корзины, которые нужно оформить."))
        return redirect("orders:carts")
    if len(cart_ids) > MOST_CARTS:  # some of them would be left out silently
        messages.error(request, _("Выберите не больше {most} корзин за раз.").format(most=MOST_CARTS))
        return redirect("orders:carts")
    if request.method == "POST":
        return _send(request, cart_ids)
    return _page(request, _views(request, cart_ids), {})


def _views(request: PortalRequest, cart_ids: list[int]) -> list[CartView]:
    try:
        return carts_chosen(actor=request.actor, cart_ids=cart_ids, on=timezone.localdate())
    except Cart.DoesNotExist as error:
        raise Http404 from error


def _page(
    request: PortalRequest, views: list[CartView], filled: dict[int, Checkout], status: int = 200
) -> HttpResponse:
    """Carts that may be ordered with their forms, the others with what stands in the way."""
    ready = [view for view in views if view.may_be_ordered]
    blocks = blocks_of(ready, actor=request.actor, filled=filled, prefix=_PREFIX, at=timezone.now())
    context = {
        "blocks": blocks,
        "held_back": [view for view in views if not view.may_be_ordered],
        "total": sum((view.total.gross for view in ready), start=0),
        "pickup": PICKUP,
        "area": "carts",
    }
    return render(request, "orders/carts_checkout.html", context, status=status)


def _prefix(cart_id: int) -> str:
    return _PREFIX.format(cart_id)


def _send(request: PortalRequest, cart_ids: list[int]) -> HttpResponse:
    forms = {pk: Checkout(request.POST, prefix=_prefix(pk)) for pk in cart_ids}
    if "recount" in request.POST:
        return _recounted(request, cart_ids)
    if any(not form.is_valid() for form in forms.values()):
        return _page(request, _views(request, cart_ids), forms, status=422)
    if any(form.cleaned_data["cart"] != pk for pk, form in forms.items()):
        raise Http404
    sendings = [_sending(form) for form in forms.values()]
    try:
        sent = orders_submit(actor=request.actor, sendings=sendings, at=timezone.now())
    except Cart.DoesNotExist as error:
        raise Http404 from error
    return _answer(request, sent)


def _sending(form: Checkout) -> Sending:
    filled = form.cleaned_data
    return Sending(
        cart_id=filled["cart"],
        delivery_address_id=form.delivery_address_id,
        comment=filled["comment"],
        client_reference=filled["client_reference"],
        idempotency_key=filled["idempotency_key"],
        expected_total=filled["expected_total"],
        guards_seen=filled["guards_seen"],
        choices=form.choices,
        delivery_seen=filled["delivery_seen"],
    )


def _recounted(request: PortalRequest, cart_ids: list[int]) -> HttpResponse:
    """Other addresses or switches: nothing is sent, no fault is told."""
    views = _views(request, cart_ids)
    forms = {}
    for view in views:
        prefix = _prefix(view.cart.pk)
        told = {name: request.POST.get(f"{prefix}-{name}", "") for name in Checkout.base_fields}
        forms[view.cart.pk] = Checkout(initial=told | seen_of(view), prefix=prefix)
    return _page(request, views, forms)


def _answer(request: PortalRequest, sent: list[Sent]) -> HttpResponse:
    """The summary of what has gone; what has not is told on it, or on the form again where nothing has."""
    refused = {one.sending.cart_id: one.refusal for one in sent if one.refusal is not None}
    carts = Cart.objects.owned_by(request.actor).select_related("legal_entity").filter(pk__in=refused)
    entities = {cart.pk: cart.legal_entity for cart in carts}
    for cart_id, refusal in refused.items():
        entity = entities.get(cart_id)
        why = refusal_told(refusal, actor=request.actor, entity=entity) if entity else str(refusal)
        whose = entity.name if entity else ""
        messages.error(request, _("{whose}: заказ не отправлен. {why}").format(whose=whose, why=why))
    orders = [one.order.pk for one in sent if one.order is not None]
    if not orders:
        views = _views(request, [one.sending.cart_id for one in sent if one.sending.cart_id in entities])
        return _page(request, views, {view.cart.pk: _again(request, view) for view in views}, status=409)
    return redirect(f"{reverse('orders:carts_sent')}?{urlencode([('order', pk) for pk in orders])}")


def _again(request: PortalRequest, view: CartView) -> Checkout:
    """What was filled in for a cart, with the sum that is true now: an address chosen once stays chosen."""
    form, prefix = request.POST.copy(), _prefix(view.cart.pk)
    for name, value in seen_of(view).items():
        form[f"{prefix}-{name}"] = str(value)
    return Checkout(form, prefix=prefix)


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def carts_sent(request: PortalRequest) -> HttpResponse:
    """The orders that have just gone, as far as the person sees them."""
    orders = list(
        Order.objects.visible_to(request.actor)
        .filter(pk__in=ids_read(request.GET, "order")[:MOST_CARTS])
        .select_related("legal_entity", "contract", "organization")
        .order_by("pk")
    )
    context = {"orders": orders, "total": sum((order.total for order in orders), start=0), "area": "orders"}
    return render(request, "orders/carts_sent.html", context)
