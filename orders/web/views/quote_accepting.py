"""An offer as an order: where to, how it is paid, at the prices of the offer."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from catalog.web.typed import numbers_read
from counterparties.models import DeliveryAddress
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Quote, QuoteOfferLine
from orders.quote_refusals import OfferMoved
from orders.refusals import (
    DeliveryCostChanged,
    OrderRefused,
    PriceChanged,
    StockBusy,
    StockShort,
    refusal_told,
)
from orders.selectors.cart import CartView
from orders.selectors.quote_offers import offer_view
from orders.selectors.quotes import QuoteCard
from orders.services.offers import PICKUP, checkout_offers, delivery_cost_of
from orders.services.quote_accepting import quote_accept
from orders.services.quotes import MOST_LINES
from orders.states import WrongState
from orders.web.checkout_blocks import Block
from orders.web.quote_forms import OfferCheckout
from orders.web.views.quotes import card_of

_WORLD_MOVED = (PriceChanged, StockShort, StockBusy, DeliveryCostChanged, OfferMoved)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def quote_accept_view(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Choose address, delivery and payment for the ticked lines; order them on POST."""
    card = card_of(request, uid)
    if not Quote.objects.asked_by(request.actor).filter(pk=card.quote.pk).exists():
        raise Http404
    if request.method == "POST":
        return _accepted(request, card)
    lines = _chosen(card, numbers_read(request.GET.getlist("line"), MOST_LINES))
    if not lines or not card.may_be_accepted(timezone.now()):
        messages.warning(request, _("Отметьте строки с ценой, пока предложение действует."))
        return redirect("orders:quote", uid=uid)
    return _page(request, card, lines, None)


def _accepted(request: PortalRequest, card: QuoteCard) -> HttpResponse:
    form = OfferCheckout(request.POST)
    form.is_valid()
    line_ids = numbers_read(request.POST.getlist("line"), MOST_LINES)
    lines = _chosen(card, line_ids)
    if "recount" in request.POST and lines:  # another address or switch: nothing is sent, no fault is told
        seen = {name: request.POST.get(name, "") for name in form.fields}
        again = OfferCheckout(initial=seen | _seen(card, offer_view(card.quote, lines)))
        return _page(request, card, lines, again)
    if form.errors:
        if not lines:
            return redirect("orders:quote", uid=card.quote.uid)
        return _page(request, card, lines, form, status=422)
    filled, at = form.cleaned_data, timezone.now()
    try:
        cost = delivery_cost_of(
            offer_view(card.quote, lines),
            delivery_address_id=form.delivery_address_id,
            choices=form.choices,
            seen=filled["delivery_seen"],
            idempotency_key=filled["idempotency_key"],
        )
        order = quote_accept(
            actor=request.actor,
            quote_id=card.quote.pk,
            version=filled["version"],
            line_ids=line_ids,
            delivery_address_id=form.delivery_address_id,
            comment=filled["comment"],
            client_reference=filled["client_reference"],
            idempotency_key=filled["idempotency_key"],
            expected_total=filled["expected_total"],
            choices=replace(form.choices, delivery_cost=cost),
            at=at,
        )
    except (Quote.DoesNotExist, DeliveryAddress.DoesNotExist) as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Запрос уже изменился: {step}.").format(step=refusal))
        return redirect("orders:quote", uid=card.quote.uid)
    except OrderRefused as refusal:
        return _refused(request, card, lines, form, refusal)
    told = _("Заказ {number} ждёт согласования.") if order.is_unsent else _("Заказ {number} отправлен.")
    messages.success(request, told.format(number=order.number))
    return redirect("orders:detail", pk=order.pk)


def _refused(
    request: PortalRequest,
    card: QuoteCard,
    lines: Sequence[QuoteOfferLine],
    form: OfferCheckout,
    refusal: OrderRefused,
) -> HttpResponse:
    """Tell the reason where it can be mended; another version is looked at on the page of the request."""
    messages.error(request, refusal_told(refusal, actor=request.actor, entity=card.quote.legal_entity))
    if isinstance(refusal, OfferMoved) or not lines:
        return redirect("orders:quote", uid=card.quote.uid)
    again = request.POST.copy()
    for name, value in _seen(card, offer_view(card.quote, lines)).items():
        again[name] = str(value)
    status = 409 if isinstance(refusal, _WORLD_MOVED) else 422
    return _page(request, card, lines, OfferCheckout(again), status=status)


def _chosen(card: QuoteCard, line_ids: Sequence[int]) -> list[QuoteOfferLine]:
    """Priced lines of the newest version that were ticked."""
    if card.offer is None:
        return []
    return [line for line in card.offer.lines.all() if line.pk in line_ids and line.price is not None]


def _seen(card: QuoteCard, view: CartView) -> dict[str, object]:
    return {
        "version": card.quote.version,
        "expected_total": view.total.gross,
        "idempotency_key": uuid4(),
    }


def _page(
    request: PortalRequest,
    card: QuoteCard,
    lines: Sequence[QuoteOfferLine],
    form: OfferCheckout | None,
    status: int = 200,
) -> HttpResponse:
    view = offer_view(card.quote, lines)
    chosen = str(form["delivery"].value() or "") if form else ""
    offer = checkout_offers([view], chosen={view.cart.pk: chosen}, at=timezone.now())[view.cart.pk]
    form = form or OfferCheckout(initial=_seen(card, view) | {"delivery": offer.chosen})
    context = {
        "card": card,
        "view": view,
        "one": Block(view, form, offer),
        "form": form,
        "pickup": PICKUP,
        "line_ids": [line.pk for line in lines],
        "area": "quotes",
    }
    return render(request, "orders/quote_accept.html", context, status=status)
