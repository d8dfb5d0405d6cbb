"""The same cart for each legal entity and contract, side by side; saved for those that are chosen."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.refusals import OrderRefused
from orders.selectors.cart_places import cart_places as places_of
from orders.services.cart_places import cart_duplicate
from orders.web.cart_forms import places_read
from orders.web.carting import cart_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_places(request: PortalRequest, pk: int) -> HttpResponse:
    """Sum, shortages and deferral for each; on POST a cart for each chosen one, then the table of carts."""
    cart = cart_or_404(request, pk)
    if request.method != "POST":
        places = places_of(cart, actor=request.actor, on=timezone.localdate())
        return render(request, "orders/cart_places.html", {"cart": cart, "places": places, "area": "carts"})
    try:
        made = cart_duplicate(
            actor=request.actor, cart_id=pk, places=places_read(request.POST), at=timezone.now()
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:cart_places", pk=pk)
    messages.success(request, _("Создано корзин: {count}.").format(count=len(made)))
    left_out = dict.fromkeys(name for one in made for name in one.left_out)
    if left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(left_out)))
    chosen = urlencode([("cart", one.cart.pk) for one in made])
    return redirect(f"{reverse('orders:carts')}?{chosen}")
