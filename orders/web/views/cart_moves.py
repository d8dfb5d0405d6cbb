"""Chosen lines of a cart: to another cart, to a new one, away."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Cart
from orders.refusals import OrderRefused
from orders.services.cart_moves import Moved, cart_merge, lines_move, lines_move_out, lines_remove
from orders.web.cart_forms import CartName, ids_read
from orders.web.carting import cart_or_404, cart_url

NEW = "new"


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_lines(request: PortalRequest, pk: int) -> HttpResponse:
    """Do with ticked lines what the pressed button says; with `merge` all of them go."""
    cart = cart_or_404(request, pk)
    back = cart_url(request, cart)
    try:
        _act(request, cart)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    if not Cart.objects.visible_to(request.actor).filter(pk=pk).exists():  # merged into another
        return redirect("orders:carts")
    return redirect(back)


def _act(request: PortalRequest, cart: Cart) -> None:
    act, target = request.POST.get("act", ""), request.POST.get("target", "")
    actor, at, line_ids = request.actor, timezone.now(), ids_read(request.POST, "line")
    if act == "remove":
        count = lines_remove(actor=actor, cart_id=cart.pk, line_ids=line_ids, at=at)
        messages.success(request, _("Убрано строк: {count}.").format(count=count))
        return
    is_copy = act == "copy"
    if target == NEW:
        form = CartName({"name": request.POST.get("name", "")})
        if not form.is_valid():
            messages.error(request, str(form.errors["name"][0]))
            return
        name = form.cleaned_data["name"]
        moved = lines_move_out(
            actor=actor, cart_id=cart.pk, line_ids=line_ids, name=name, is_copy=is_copy, at=at
        )
    elif not target.isascii() or not target.isdigit():
        messages.error(request, _("Выберите корзину, в которую положить строки."))
        return
    elif act == "merge":
        moved = cart_merge(actor=actor, cart_id=cart.pk, target_id=int(target[:18]), at=at)
    else:
        moved = lines_move(
            actor=actor,
            cart_id=cart.pk,
            line_ids=line_ids,
            target_id=int(target[:18]),
            is_copy=is_copy,
            at=at,
        )
    _tell(request, moved)


def _tell(request: PortalRequest, moved: Moved) -> None:
    messages.success(
        request, _("Строк в корзине «{name}»: +{count}.").format(name=moved.cart.name, count=moved.count)
    )
    if moved.left_out:
        text = _("Осталось на месте: {names}.").format(names="; ".join(moved.left_out))
        messages.warning(request, text)
