"""Asking for shipment, and one request as the client and the warehouse see it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.reach import reaches
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from documents.web.papers import ProxyForm, proxy_initial
from documents.web.passes import pickup_pass
from orders.models import ShipmentRequest
from orders.refusals import OrderRefused
from orders.selectors.shipments import RequestCard, ShipPlace, request_card, ship_places
from orders.services.shipment_moves import shipment_request_move
from orders.services.shipment_requests import shipment_request_create
from orders.states import REQUEST_TRANSITIONS, ShipmentRequestState, WrongState
from orders.web.shipment_forms import ShipmentAnswer, ShipmentForm
from orders.web.typed_lines import typed_quantities
from portal.audit.selectors import history_for

_MOST_ORDERS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_SUBMIT)
def shipment_new(request: PortalRequest) -> HttpResponse:
    """Choose lines of one place and say how they leave; on POST send the request."""
    data = request.POST if request.method == "POST" else request.GET
    order_ids = [
        int(text) for text in data.getlist("order")[:_MOST_ORDERS] if text.isdecimal() and len(text) < 10
    ]
    places = ship_places(actor=request.actor, order_ids=order_ids)
    place = next((one for one in places if one.key == data.get("place")), places[0] if places else None)
    context: dict[str, Any] = {
        "places": places,
        "place": place,
        "order_ids": order_ids,
        "area": "shipments",
    }
    if request.method == "POST":
        sent = _sent_before(request)
        if sent is not None:  # a second click: what was asked for is gone from the form
            return redirect("orders:shipment_request", pk=sent.pk)
        if data.get("place") and (place is None or place.key != data.get("place")):
            messages.error(request, _("Этих товаров к отгрузке уже нет. Выберите заново."))
            return redirect("orders:shipment_new")
    if place is None:
        return render(request, "orders/shipment_new.html", context)
    if request.method == "POST":
        return _sent(request, place, context)
    initial = {"idempotency_key": uuid4(), "desired_date": timezone.localdate()}
    context |= {"form": ShipmentForm(legal_entity=place.legal_entity, initial=initial), "typed": {}}
    return render(request, "orders/shipment_new.html", context)


def _sent_before(request: PortalRequest) -> ShipmentRequest | None:
    """The person's request of this form, if it has gone already."""
    try:
        key = UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return None
    own = ShipmentRequest.objects.visible_to(request.actor).filter(created_by_id=request.actor.user_id)
    return own.filter(idempotency_key=key).first()


def _sent(request: PortalRequest, place: ShipPlace, context: dict[str, Any]) -> HttpResponse:
    form = ShipmentForm(request.POST, legal_entity=place.legal_entity)
    typed, faults = typed_quantities(request.POST, [one.line.pk for one in place.lines])
    if request.POST.get("everything"):
        typed, faults = {one.line.pk: one.quantities.free for one in place.lines}, {}
    if form.is_valid() and not faults:
        try:
            made = shipment_request_create(
                actor=request.actor,
                quantities={pk: quantity for pk, quantity in typed.items() if quantity},
                wish=form.wish,
                idempotency_key=form.cleaned_data["idempotency_key"],
                at=timezone.now(),
            )
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Заявка {number} отправлена на склад.").format(number=made.number))
            return redirect("orders:shipment_request", pk=made.pk)
    words = {one.line.pk: request.POST.get(one.field, "") for one in place.lines}
    context |= {"form": form, "typed": words, "faults": faults}
    return render(request, "orders/shipment_new.html", context, status=422)


@require_GET
def shipment_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One request with its lines, what 1C has shipped of them, and its history."""
    card = _card(request, pk)
    moves = REQUEST_TRANSITIONS[card.request.state]
    is_staff = request.actor.can(Permission.CLIENT_SERVE)
    context = {
        "card": card,
        "moves": [state for state in _STAFF_MOVES if state in moves] if is_staff else [],
        "may_reject": is_staff and ShipmentRequestState.REJECTED in moves,
        "may_cancel": request.actor.is_client
        and reaches(
            request.actor,
            Permission.ORDER_SUBMIT,
            entity=card.request.legal_entity,
            author_id=card.request.created_by_id,
        )
        and ShipmentRequestState.CANCELLED in moves,
        "history": history_for(card.request),
        "proxy_form": _proxy_form(request, card),
        "pickup_code": pickup_pass(card.request),
        "area": "shipments",
    }
    return render(request, "orders/shipment_request.html", context)


def _proxy_form(request: PortalRequest, card: RequestCard) -> ProxyForm | None:
    """What papers of the request are made with, for whom they are shown to."""
    if not request.actor.can(Permission.DOCUMENT_VIEW) or request.actor.is_read_only:
        return None
    it = card.request
    return ProxyForm(initial=proxy_initial(it.driver, it.driver_paper))


@require_GET
def shipment_print(request: PortalRequest, pk: int) -> HttpResponse:
    """The request as a paper."""
    return render(request, "orders/shipment_print.html", {"card": _card(request, pk)})


@require_POST
def shipment_move(request: PortalRequest, pk: int) -> HttpResponse:
    """Accept, pick, make ready, reject or cancel."""
    _card(request, pk)
    form = ShipmentAnswer(request.POST)
    if not form.is_valid() or form.cleaned_data["state"] not in ShipmentRequestState.values:
        messages.error(request, _("Выберите, что сделать с заявкой."))
        return redirect("orders:shipment_request", pk=pk)
    target = ShipmentRequestState(form.cleaned_data["state"])
    try:
        shipment_request_move(
            actor=request.actor,
            request_id=pk,
            target=target,
            answer=form.cleaned_data["answer"],
            at=timezone.now(),
        )
    except WrongState as refusal:
        messages.error(request, _("Состояние заявки уже изменилось: {step}.").format(step=refusal))
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Заявка: {state}.").format(state=target.label.lower()))
    return redirect("orders:shipment_request", pk=pk)


_STAFF_MOVES = (ShipmentRequestState.ACCEPTED, ShipmentRequestState.PICKING, ShipmentRequestState.READY)


def _card(request: PortalRequest, pk: int) -> RequestCard:
    try:
        return request_card(actor=request.actor, request_id=pk)
    except ShipmentRequest.DoesNotExist as error:
        raise Http404 from error
