"""Many goods into the cart at once: a field `q-<sku>` for each, empty ones are passed over."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from catalog.web.learning import note_carted
from counterparties.web.access import cabinet, permitted
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest
from orders import services
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors import cart_line_count
from orders.services import Repeated
from orders.web.typed import typed_read
from orders.web.views.cart import refused


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def cart_fill(request: PortalRequest) -> HttpResponse:
    """Put all that was typed into the current cart; what is no number refuses all: none is missed."""
    workplace = request.workplace
    if workplace.legal_entity is None or workplace.contract is None or workplace.city is None:
        return refused(request, str(ContractClosed()))
    typed = typed_read(request.POST)
    quantities = {sku_id: quantity for sku_id, quantity in typed.quantities.items() if quantity}
    if typed.wrong:
        return refused(request, next(iter(typed.wrong.values())))
    if not quantities:
        return refused(request, _("Укажите количество хотя бы у одной позиции."))
    try:
        filled = services.cart_fill(
            actor=request.actor,
            legal_entity_id=workplace.legal_entity.pk,
            contract_id=workplace.contract.pk,
            city_id=workplace.city.pk,
            quantities=quantities,
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        return refused(request, str(refusal))
    return _answer(request, filled)


def _answer(request: PortalRequest, filled: Repeated) -> HttpResponse:
    if not filled.added:
        return refused(request, _left_out(filled))
    note_carted(request)
    if filled.left_out:
        messages.warning(request, _left_out(filled))
    if request.htmx:  # type: ignore[attr-defined]
        count = cart_line_count(actor=request.actor, workplace=request.workplace)
        return render(request, "orders/_filled.html", {"cart_lines": count})
    messages.success(request, _("Добавлено в корзину позиций: {count}.").format(count=filled.added))
    return redirect(back_url(request, "orders:cart"))


def _left_out(filled: Repeated) -> str:
    return _("Не добавлено: {names}.").format(names="; ".join(filled.left_out))
