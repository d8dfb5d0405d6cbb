"""One order, for clients and for employees alike."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from counterparties.reach import reaches
from counterparties.selectors import workplace_for
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import CITY_KEY, LEGAL_ENTITY_KEY, PortalRequest
from documents.selectors import DocumentRow, document_rows_for_order
from documents.selectors.awaited import invoice_awaited
from documents.selectors.for_shipments import document_rows_for_shipments
from finance.services import PaymentRefused, payment_record
from integrations.reports.exports import export_faults
from integrations.reports.requests import originals
from orders import services
from orders.models import Order
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors import OrderCard, order_card
from orders.selectors.neighbours import order_neighbours
from orders.selectors.progress import order_progress
from orders.selectors.stuck import card_standstill
from orders.web.forms import PaymentRecord
from orders.web.moves import order_moves
from portal.lib.money import format_money


@require_GET
def order_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One order with its parts, papers, money and history."""
    card = _card(request, pk)
    return render(request, "orders/detail.html", _detail_context(request, card))


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def order_repeat(request: PortalRequest, pk: int) -> HttpResponse:
    """Add the order's goods to the cart of its legal entity, which becomes the current one."""
    order = _card(request, pk).order
    place = workplace_for(
        request.actor,
        legal_entity_id=order.buyer_id,
        city_id=order.city_id,
        on=timezone.localdate(),
    )
    is_buyer = place.legal_entity is not None and place.legal_entity.pk == order.buyer_id
    if not is_buyer or place.contract is None or place.city is None:
        messages.error(request, str(ContractClosed()))
        return redirect("orders:detail", pk=pk)
    try:
        repeated = services.order_repeat(
            actor=request.actor,
            order_id=pk,
            contract_id=place.contract.pk,
            city_id=place.city.pk,
            at=timezone.now(),
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:detail", pk=pk)
    request.session[LEGAL_ENTITY_KEY] = order.buyer_id
    request.session[CITY_KEY] = place.city.pk
    messages.success(request, _("Строк добавлено в корзину: {count}.").format(count=repeated.added))
    if repeated.left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(repeated.left_out)))
    return redirect("orders:cart")


@require_POST
@permitted(Permission.PAYMENT_RECORD)
def order_payment(request: PortalRequest, pk: int) -> HttpResponse:
    """Note money that came for the order; that of an order of 1C is noted there."""
    card = _card(request, pk)
    if card.order.is_from_erp:
        raise Http404
    form = PaymentRecord(request.POST)
    if form.is_valid():
        order = card.order
        try:
            payment_record(
                actor=request.actor,
                organization_id=order.organization_id,
                legal_entity_id=order.legal_entity_id,
                contract_id=order.contract_id,
                reference=order.reference,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except PaymentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Оплата отмечена."))
            return redirect("orders:detail", pk=pk)
    context = _detail_context(request, card) | {"payment_form": form}
    return render(request, "orders/detail.html", context, status=422)


def _card(request: PortalRequest, pk: int) -> OrderCard:
    try:
        return order_card(actor=request.actor, order_id=pk)
    except Order.DoesNotExist as error:
        raise Http404 from error


def _detail_context(request: PortalRequest, card: OrderCard) -> dict[str, Any]:
    actor, order = request.actor, card.order
    documents = None
    sees = partial(reaches, actor, entity=order.legal_entity, author_id=order.created_by_id)
    if sees(Permission.DOCUMENT_VIEW):
        documents = document_rows_for_order(order_id=order.pk, actor=actor)
    today = timezone.localdate()
    fault = export_faults([order.pk]).get(order.pk, "") if order.is_in_work else ""
    is_invoiced = documents is not None and not _has_no_invoice(documents)
    return _shipping_context(request, card, documents, is_invoiced=is_invoiced) | {
        "card": card,
        "stands": card_standstill(card, at=timezone.now(), fault=fault),
        "neighbours": order_neighbours(actor=actor, order=order),
        "is_state_beside": _is_state_beside(card),
        "erp_label": card.erp_standing.label,
        "documents": documents,
        "originals": originals(card.shipments, actor=actor) if documents is not None else {},
        "awaited": invoice_awaited(order=order, at=timezone.now()) if _has_no_invoice(documents) else None,
        "moves": order_moves(order, actor=actor, is_taken=any(part.part.accepted_at for part in card.parts)),
        "may_repeat": actor.is_client and actor.can(Permission.ORDER_CREATE),
        "may_see_money": sees(Permission.FINANCE_VIEW),
        "payment_form": _payment_form(card, today) if actor.can(Permission.PAYMENT_RECORD) else None,
        "area": "orders",
    }


def _shipping_context(
    request: PortalRequest, card: OrderCard, documents: list[DocumentRow] | None, *, is_invoiced: bool
) -> dict[str, Any]:
    """How far the lines have come, and what may be changed, asked for and received."""
    actor = request.actor
    progress = order_progress(card, at=timezone.now(), actor=actor, is_invoiced=is_invoiced)
    entity, author_id = card.order.legal_entity, card.order.created_by_id
    sends = reaches(actor, Permission.ORDER_SUBMIT, entity=entity, author_id=author_id)
    is_sender = actor.is_client and sends and not actor.is_read_only
    may_act = is_sender or actor.can(Permission.CLIENT_SERVE)
    papers = {}
    if documents is not None:
        papers = document_rows_for_shipments(papers=card.shipments, actor=actor)
    return {
        "progress": progress,
        "shipment_documents": papers,
        "may_change": may_act and progress.is_open and progress.asked is None,
        "may_decide": actor.can(Permission.CLIENT_SERVE),
        "may_withdraw": is_sender,
        "may_ask_shipment": is_sender and progress.has_free,
        "may_receive": actor.is_client and not actor.is_read_only,
    }


def _is_state_beside(card: OrderCard) -> bool:
    """Whether 1C has told of the order and stands by another state than the portal."""
    is_told = any(part.part.erp_formed_at or part.part.erp_number for part in card.parts)
    return is_told and card.order.is_in_work and card.erp_standing != card.order.state


def _has_no_invoice(documents: list[DocumentRow] | None) -> bool:
    """Has the portal made out no invoice yet? Papers of 1C and of requests may be there before that."""
    return documents is not None and all(row.is_from_erp or row.pay_until is None for row in documents)


def _payment_form(card: OrderCard, today: date) -> PaymentRecord | None:
    if card.order.is_from_erp or card.order.is_given_up or not card.rest:
        return None
    return PaymentRecord(initial={"amount": format_money(card.rest), "paid_on": today})
