"""What a manager gathered for the client's person: look, take over, put away."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from catalog.models import City
from counterparties.models import Contract
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import CITY_KEY, LEGAL_ENTITY_KEY, PortalRequest
from orders.models import Cart
from orders.refusals import OrderRefused
from orders.selectors import cart_view
from orders.selectors.drafts import drafts_waiting
from orders.services.drafts import draft_dismiss, draft_take


@require_GET
@cabinet
def live(request: PortalRequest) -> HttpResponse:
    """htmx: what managers gather for the person, again; without scripts, the cart that shows it."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("orders:cart")
    return render(request, "orders/_drafts.html")


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def draft(request: PortalRequest, pk: int) -> HttpResponse:
    """The draft with today's prices and stock."""
    try:
        cart = drafts_waiting(request.actor).get(pk=pk)
    except Cart.DoesNotExist as error:
        raise Http404 from error
    return render(
        request, "orders/draft.html", {"view": cart_view(cart, on=timezone.localdate()), "area": "cart"}
    )


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def take(request: PortalRequest, pk: int) -> HttpResponse:
    """Add its goods to one's own cart of the same legal entity, which becomes current; or go on to order."""
    try:
        taken = draft_take(actor=request.actor, cart_id=pk, at=timezone.now())
    except (Cart.DoesNotExist, Contract.DoesNotExist, City.DoesNotExist) as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:cart")
    request.session[LEGAL_ENTITY_KEY] = taken.cart.legal_entity_id
    request.session[CITY_KEY] = taken.cart.city_id
    messages.success(request, _("Строк добавлено в корзину: {count}.").format(count=taken.added))
    if taken.left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(taken.left_out)))
        return redirect("orders:cart")
    return redirect("orders:checkout" if request.POST.get("then") == "checkout" else "orders:cart")


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def dismiss(request: PortalRequest, pk: int) -> HttpResponse:
    try:
        draft_dismiss(actor=request.actor, cart_id=pk, at=timezone.now())
    except Cart.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Черновик убран. Ваша корзина не изменилась."))
    return redirect("orders:cart")
