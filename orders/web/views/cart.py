"""The cart: put in, change, take out. Works without scripts; htmx gets the row and the totals."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from catalog.web.learning import note_carted
from counterparties.web.access import cabinet, permitted
from counterparties.web.back import back_url
from counterparties.web.middleware import CITY_KEY, LEGAL_ENTITY_KEY, PortalRequest
from orders import services
from orders.models import Cart, CartLine
from orders.packs import Rounding, roundings
from orders.quantities import parse_quantity
from orders.refusals import ContractClosed, OrderRefused, WrongQuantity
from orders.selectors import (
    CartLineView,
    cart_by_id,
    cart_line_count,
    cart_line_view,
    cart_of_line,
)
from orders.selectors.saved import carts_listed, current_of
from orders.services.saved import cart_choose as choose
from orders.web.carting import cart_response, line_context, to_cart, view_of, view_whole
from orders.web.forms import CartAdd, LineQuantity


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def cart_page(request: PortalRequest) -> HttpResponse:
    """The current cart of the chosen legal entity and city, and the person's other carts."""
    listed = carts_listed(actor=request.actor)
    cart = current_of(listed, actor=request.actor, workplace=request.workplace)
    return cart_response(request, view_whole(request, cart) if cart else None, listed=listed)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def cart_add(request: PortalRequest) -> HttpResponse:
    """Put goods into the current cart; htmx: the badge and the message, both out of band."""
    form = CartAdd(request.POST)
    form.is_valid()
    if "sku" in form.errors:
        raise Http404
    if form.errors:
        return refused(request, str(form.errors["quantity"][0]))
    workplace = request.workplace
    if workplace.legal_entity is None or workplace.contract is None or workplace.city is None:
        return refused(request, str(ContractClosed()))
    try:
        line = services.cart_add(
            actor=request.actor,
            legal_entity_id=workplace.legal_entity.pk,
            contract_id=workplace.contract.pk,
            city_id=workplace.city.pk,
            sku_id=form.cleaned_data["sku"],
            quantity=form.cleaned_data["quantity"],
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        return refused(request, str(refusal))
    note_carted(request)
    if request.htmx:  # type: ignore[attr-defined]
        count = cart_line_count(actor=request.actor, workplace=workplace)
        return render(request, "orders/_added.html", {"cart_lines": count})
    messages.success(request, _("В корзине: {name}.").format(name=line.sku.name))
    return redirect(back_url(request, "orders:cart"))


def refused(request: PortalRequest, reason: str) -> HttpResponse:
    """Tell why nothing went into the cart; htmx: in the place of messages."""
    messages.error(request, reason)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/_refused.html", status=422)
    context = {"back": back_url(request, "catalog:index"), "area": "cart"}
    return render(request, "orders/refused.html", context, status=422)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def cart_line(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a line or, with `remove`, take it out; htmx: the row, totals and badge out of band."""
    if "remove" in request.POST:
        return _line_removed(request, pk)
    form = LineQuantity({"quantity": request.POST.get("rounded") or request.POST.get("quantity", "")})
    fault = "" if form.is_valid() else str(form.errors["quantity"][0])
    try:
        if not fault:
            fault = _line_set(request, pk, form.cleaned_data["quantity"])
        cart = cart_of_line(actor=request.actor, line_id=pk)
    except CartLine.DoesNotExist as error:
        raise Http404 from error
    return _line_answer(request, cart, pk, fault)


def _line_set(request: PortalRequest, pk: int, quantity: Decimal) -> str:
    """Change the quantity; return why it could not be done, or nothing."""
    try:
        services.cart_line_set(actor=request.actor, line_id=pk, quantity=quantity, at=timezone.now())
    except OrderRefused as refusal:
        return str(refusal)
    return ""


def _line_answer(request: PortalRequest, cart: Cart, line_id: int, fault: str) -> HttpResponse:
    status = 422 if fault else 200
    if not request.htmx and not fault:  # type: ignore[attr-defined]
        return to_cart(request, cart)
    view = view_of(cart)
    line = cart_line_view(view, line_id)
    told: dict[str, Any] = {"fault": fault, "typed": request.POST.get("quantity", "") if fault else ""}
    told["offers"] = _offers(line, told["typed"]) if line and fault else ()
    if request.htmx:  # type: ignore[attr-defined]
        context = line_context(request, view) | told | {"line": line}
        return render(request, "orders/_cart_line_changed.html", context, status=status)
    whole = {"faulty_line_id": line_id, "shown": view.lines, "rest": 0}
    return cart_response(request, view, told | whole, status)


def _offers(line: CartLineView, typed: str) -> tuple[Rounding, ...]:
    """To what a refused quantity may be rounded."""
    try:
        return roundings(parse_quantity(typed), line.sku.product, line.packs)
    except WrongQuantity:
        return ()


def _line_removed(request: PortalRequest, pk: int) -> HttpResponse:
    try:
        cart = services.cart_line_remove(actor=request.actor, line_id=pk, at=timezone.now())
    except CartLine.DoesNotExist as error:
        raise Http404 from error
    if not request.htmx:  # type: ignore[attr-defined]
        return to_cart(request, cart)
    view = view_of(cart_by_id(actor=request.actor, cart_id=cart.pk))
    if not view.lines:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "orders/_cart_line_changed.html", line_context(request, view))


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_clear(request: PortalRequest, pk: int) -> HttpResponse:
    """Take everything out of a cart."""
    try:
        cart = services.cart_clear(actor=request.actor, cart_id=pk, at=timezone.now())
    except Cart.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Корзина очищена."))
    return to_cart(request, cart)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_choose(request: PortalRequest, pk: int) -> HttpResponse:
    """Take up a cart that was put aside, with its legal entity and city."""
    try:
        cart = choose(actor=request.actor, cart_id=pk, at=timezone.now())
    except Cart.DoesNotExist as error:
        raise Http404 from error
    request.session[LEGAL_ENTITY_KEY], request.session[CITY_KEY] = cart.legal_entity_id, cart.city_id
    messages.success(request, _("Корзина «{name}» снова перед вами.").format(name=cart.name))
    return redirect("orders:cart")
