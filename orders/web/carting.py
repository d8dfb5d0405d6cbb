"""What pages of a cart share: its address, its place among the person's carts, what a template needs."""

from collections.abc import Collection, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from catalog.web.frame import ordering
from catalog.web.related import LEARNT_READ
from counterparties.selectors.contract_terms import expiry_note
from counterparties.web.middleware import PortalRequest
from orders.models import Cart
from orders.selectors import CartView, cart_by_id, cart_view
from orders.selectors.cart import carts_whole
from orders.selectors.cart_views import cart_view_beside
from orders.selectors.saved import SavedCart, carts_listed
from orders.selectors.together import together_with
from orders.web.together import learnt_for

ROWS = 50
"""Lines that a page of a cart shows at once; the others come as it is scrolled."""

_MOST_DIGITS = 7


def cart_context(view: CartView | None) -> dict[str, Any]:
    """What orders/cart.html and its fragments need."""
    return {
        "view": view,
        "cart_lines": len(view.lines) if view else 0,
        "contract_note": expiry_note(view.cart.contract, timezone.localdate()) if view else "",
        "area": "cart",
        "is_writable": True,
    }


def line_context(request: PortalRequest, view: CartView) -> dict[str, Any]:
    """What a row of a cart and its totals need; the badge is that of the person's current cart."""
    context = cart_context(view)
    if not is_here(request, view.cart):
        del context["cart_lines"]
    return context


def cart_response(
    request: PortalRequest,
    view: CartView | None,
    told: dict[str, Any] | None = None,
    status: int = 200,
    *,
    listed: Sequence[SavedCart] | None = None,
) -> HttpResponse:
    """The page of a cart; htmx that asks for further rows gets them alone.

    `listed` are the person's carts where they are known.
    """
    context = page_context(request, view, listed) | (told or {})
    is_more = request.htmx and "from" in request.GET  # type: ignore[attr-defined]
    return render(
        request, "orders/_cart_rows.html" if is_more else "orders/cart.html", context, status=status
    )


def page_context(
    request: PortalRequest, view: CartView | None, listed: Sequence[SavedCart] | None = None
) -> dict[str, Any]:
    """The same for a whole page: other carts as tabs, as a list and as where lines may go."""
    context = (line_context(request, view) if view else cart_context(None)) | _rows(request, view)
    listed = carts_listed(actor=request.actor) if listed is None else listed
    this_id = view.cart.pk if view else None
    if view is not None:
        context["is_here"] = is_here(request, view.cart)
        context["is_writable"] = any(one.cart.pk == this_id for one in listed)
        context["is_own"] = view.cart.user_id == request.actor.user_id
        if context["is_here"] and view.lines:
            context |= {"learnt": learnt_for(view)} | ordering(request)
    context["tabs"] = [one for one in listed if one.is_tab]
    context["saved"] = [one for one in listed if one.is_put_aside]
    context["targets"] = [one for one in listed if one.cart.pk != this_id]
    return context


def _rows(request: PortalRequest, view: CartView | None) -> dict[str, Any]:
    """Fifty lines from the asked one on: problems stand first, so that none is missed."""
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < _MOST_DIGITS else 0
    lines = view.lines if view else ()
    end = start + ROWS
    return {"shown": lines[start:end], "rest": max(len(lines) - end, 0), "next_from": end}


def is_here(request: PortalRequest, cart: Cart) -> bool:
    """Whether it is the cart that the person gathers now at the chosen legal entity and city."""
    place, actor = request.workplace, request.actor
    return (
        cart.is_current
        and (cart.user_id, cart.drafted_by_id) == (actor.user_id, actor.drafts_as_id)
        and place.contract is not None
        and place.city is not None
        and (cart.contract_id, cart.city_id) == (place.contract.pk, place.city.pk)
    )


def cart_url(request: PortalRequest, cart: Cart) -> str:
    """The page of a cart."""
    return reverse("orders:cart") if is_here(request, cart) else reverse("orders:cart_open", args=[cart.pk])


def to_cart(request: PortalRequest, cart: Cart) -> HttpResponse:
    return redirect(cart_url(request, cart))


def cart_or_404(request: PortalRequest, pk: int) -> Cart:
    """A cart that the person may see."""
    try:
        return cart_by_id(actor=request.actor, cart_id=pk)
    except Cart.DoesNotExist as error:
        raise Http404 from error


def own_cart_or_404(request: PortalRequest, pk: int) -> Cart:
    """The person's own cart."""
    try:
        return carts_whole(Cart.objects.owned_by(request.actor)).get(pk=pk)
    except Cart.DoesNotExist as error:
        raise Http404 from error


def view_whole(request: PortalRequest, cart: Cart) -> CartView:
    """For the whole page of a cart: of the one that is gathered now with what others buy with its goods."""
    if not is_here(request, cart):
        return view_of(cart)
    return cart_view_beside(cart, on=timezone.localdate(), find=_together)


def _together(sku_ids: Collection[int]) -> list[int]:
    return together_with(sku_ids=sku_ids, limit=LEARNT_READ)


def view_of(cart: Cart) -> CartView:
    return cart_view(cart, on=timezone.localdate())
